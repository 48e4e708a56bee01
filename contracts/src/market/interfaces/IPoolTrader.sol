// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title What a Uniswap v3 pool offers to a trader
interface IPool {
    function token0() external view returns (address);
    function token1() external view returns (address);
    function swap(
        address recipient,
        bool zeroForOne,
        int256 amountSpecified,
        uint160 sqrtPriceLimitX96,
        bytes calldata data
    ) external returns (int256 amount0, int256 amount1);
    function mint(address recipient, int24 tickLower, int24 tickUpper, uint128 amount, bytes calldata data)
        external
        returns (uint256 amount0, uint256 amount1);
}

/// @title A way for plain accounts to trade in Uniswap v3 pools
/// @notice A pool asks its caller for payment by a callback, which a plain account cannot answer. This contract
/// calls the pool for the sender and pays with the sender's tokens, by allowance.
/// @dev The sender names the pool and thereby trusts it. Positions belong to the sender, who calls the pool's
/// own `burn` and `collect`; these need no callback.
interface IPoolTrader {
    /// @notice Thrown when a callback comes from any other address than the pool that is being called.
    error NotThePool(address caller);

    /// @notice Thrown when a pool, or a token, calls back into `swap` or `mint`.
    error Reentered();

    /// @notice Swaps; what is bought goes to the sender.
    /// @param pool Uniswap v3 pool.
    /// @param zeroForOne True to sell token 0 for token 1.
    /// @param amountSpecified Amount to sell if positive, to buy if negative.
    /// @param sqrtPriceLimitX96 Price at which the swap stops, as sqrt(token1/token0) in Q64.96.
    /// @return amount0 Token 0 paid by the sender, or received if negative.
    /// @return amount1 Token 1 paid by the sender, or received if negative.
    function swap(address pool, bool zeroForOne, int256 amountSpecified, uint160 sqrtPriceLimitX96)
        external
        returns (int256 amount0, int256 amount1);

    /// @notice Adds liquidity to the sender's position.
    /// @param pool Uniswap v3 pool.
    /// @param tickLower Lower tick of the position.
    /// @param tickUpper Upper tick of the position.
    /// @param liquidity Liquidity to add.
    /// @return amount0 Token 0 paid by the sender.
    /// @return amount1 Token 1 paid by the sender.
    function mint(address pool, int24 tickLower, int24 tickUpper, uint128 liquidity)
        external
        returns (uint256 amount0, uint256 amount1);

    /// @notice Pays the pool for a swap; only the pool that is being called may ask.
    function uniswapV3SwapCallback(int256 amount0Delta, int256 amount1Delta, bytes calldata data) external;

    /// @notice Pays the pool for new liquidity; only the pool that is being called may ask.
    function uniswapV3MintCallback(uint256 amount0Owed, uint256 amount1Owed, bytes calldata data) external;
}
