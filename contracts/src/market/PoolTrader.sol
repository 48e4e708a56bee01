// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {SignedMath} from "@openzeppelin/contracts/utils/math/SignedMath.sol";
import {IPool, IPoolTrader} from "./interfaces/IPoolTrader.sol";

/// @title A way for plain accounts to trade in Uniswap v3 pools; see `IPoolTrader`
contract PoolTrader is IPoolTrader {
    using SafeCast for int256;

    /// @dev The pool being called and who pays it. Kept here and not in the callback's data, which a false pool
    /// could forge to name somebody else as payer.
    address private transient _pool;
    address private transient _payer;

    modifier paying(address pool) {
        require(_pool == address(0), Reentered());
        _pool = pool;
        _payer = msg.sender;
        _;
        _pool = address(0);
        _payer = address(0);
    }

    /// @inheritdoc IPoolTrader
    function swap(address pool, bool zeroForOne, int256 amountSpecified, uint160 sqrtPriceLimitX96)
        external
        paying(pool)
        returns (int256 amount0, int256 amount1)
    {
        return IPool(pool).swap(msg.sender, zeroForOne, amountSpecified, sqrtPriceLimitX96, "");
    }

    /// @inheritdoc IPoolTrader
    function mint(address pool, int24 tickLower, int24 tickUpper, uint128 liquidity)
        external
        paying(pool)
        returns (uint256 amount0, uint256 amount1)
    {
        return IPool(pool).mint(msg.sender, tickLower, tickUpper, liquidity, "");
    }

    /// @inheritdoc IPoolTrader
    function uniswapV3SwapCallback(int256 amount0Delta, int256 amount1Delta, bytes calldata) external {
        // The pool reports what it pays out as a negative amount.
        _pay(SignedMath.max(amount0Delta, 0).toUint256(), SignedMath.max(amount1Delta, 0).toUint256());
    }

    /// @inheritdoc IPoolTrader
    function uniswapV3MintCallback(uint256 amount0Owed, uint256 amount1Owed, bytes calldata) external {
        _pay(amount0Owed, amount1Owed);
    }

    function _pay(uint256 amount0, uint256 amount1) private {
        require(msg.sender == _pool, NotThePool(msg.sender));
        address payer = _payer;
        if (amount0 > 0) {
            SafeERC20.safeTransferFrom(IERC20(IPool(msg.sender).token0()), payer, msg.sender, amount0);
        }
        if (amount1 > 0) {
            SafeERC20.safeTransferFrom(IERC20(IPool(msg.sender).token1()), payer, msg.sender, amount1);
        }
    }
}
