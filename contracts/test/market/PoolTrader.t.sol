// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {MarketToken} from "../../src/market/MarketToken.sol";
import {PoolTrader} from "../../src/market/PoolTrader.sol";
import {IPool, IPoolTrader} from "../../src/market/interfaces/IPoolTrader.sol";
import {Test} from "../Test.sol";

interface IFactory {
    function createPool(address tokenA, address tokenB, uint24 fee) external returns (address pool);
}

interface IFullPool is IPool {
    function initialize(uint160 sqrtPriceX96) external;
    function liquidity() external view returns (uint128);
    function burn(int24 tickLower, int24 tickUpper, uint128 amount) external returns (uint256, uint256);
    function collect(address recipient, int24 tickLower, int24 tickUpper, uint128 amount0, uint128 amount1)
        external
        returns (uint128, uint128);
}

/// @dev A false pool that tries to make the trader pay for a victim, or to call it from inside its callback.
contract FalsePool {
    enum Attack {
        PayFromAnotherPool,
        ReenterSwap,
        ReenterMint
    }

    address public immutable token0;
    address public immutable token1;
    Attack private immutable _attack;
    address private immutable _victim;

    constructor(IPool honest, Attack attack, address victim) {
        (token0, token1) = (honest.token0(), honest.token1());
        _attack = attack;
        _victim = victim;
    }

    function swap(address, bool, int256, uint160, bytes calldata) external returns (int256, int256) {
        if (_attack == Attack.ReenterSwap) IPoolTrader(msg.sender).swap(address(this), true, 1, 0);
        if (_attack == Attack.ReenterMint) IPoolTrader(msg.sender).mint(address(this), -60, 60, 1);
        if (_attack == Attack.PayFromAnotherPool) new Accomplice().steal(IPoolTrader(msg.sender), _victim);
        return (0, 0);
    }
}

contract Accomplice {
    function steal(IPoolTrader trader, address victim) external {
        trader.uniswapV3SwapCallback(1, 0, abi.encode(victim));
    }
}

contract PoolTraderTest is Test {
    using SafeCast for uint256;

    string private constant FACTORY =
        "../node_modules/@uniswap/v3-core/artifacts/contracts/UniswapV3Factory.sol/UniswapV3Factory.json";
    uint160 private constant PRICE_ONE = 2 ** 96;
    uint160 private constant LOWEST_PRICE = 4_295_128_740;
    uint160 private constant HIGHEST_PRICE =
        1_461_446_703_485_210_103_287_273_052_203_988_822_378_723_970_341;
    address private constant TRADER = address(0x2001);
    address private constant PROVIDER = address(0x2002);
    int24 private constant LOWER = -600;
    int24 private constant UPPER = 600;
    uint128 private constant LIQUIDITY = 1e24;

    PoolTrader private trader = new PoolTrader();
    IFullPool private pool;
    MarketToken private token0;
    MarketToken private token1;

    function setUp() public {
        bytes memory creation = vm.parseJsonBytes(vm.readFile(FACTORY), ".bytecode");
        address factory;
        assembly {
            factory := create(0, add(creation, 32), mload(creation))
        }
        MarketToken tokenA = new MarketToken("Gold", "GOLD", 18, address(this));
        MarketToken tokenB = new MarketToken("US Dollar", "USD", 6, address(this));
        pool = IFullPool(IFactory(factory).createPool(address(tokenA), address(tokenB), 3000));
        (token0, token1) = (MarketToken(pool.token0()), MarketToken(pool.token1()));
        pool.initialize(PRICE_ONE);
        fund(TRADER);
        fund(PROVIDER);
        vm.prank(PROVIDER);
        trader.mint(address(pool), LOWER, UPPER, LIQUIDITY);
    }

    function test_mint_givesThePositionToTheSenderWhoPays() public {
        vm.assertEq(pool.liquidity(), LIQUIDITY);
        vm.assertEq(token0.balanceOf(address(pool)), 1e27 - token0.balanceOf(PROVIDER));
        vm.assertGt(token0.balanceOf(address(pool)), 0);
        vm.assertGt(token1.balanceOf(address(pool)), 0);

        vm.startPrank(PROVIDER);
        (uint256 amount0, uint256 amount1) = pool.burn(LOWER, UPPER, LIQUIDITY);
        pool.collect(PROVIDER, LOWER, UPPER, type(uint128).max, type(uint128).max);
        vm.stopPrank();
        vm.assertGt(amount0, 0);
        vm.assertGt(amount1, 0);
        vm.assertEq(pool.liquidity(), 0);
        // The pool rounds one unit of each token in its own favour.
        vm.assertEq(token0.balanceOf(PROVIDER), 1e27 - 1);
        vm.assertEq(token1.balanceOf(PROVIDER), 1e27 - 1);
    }

    function test_swap_sellsToken0() public {
        vm.prank(TRADER);
        (int256 amount0, int256 amount1) = trader.swap(address(pool), true, 1e18, LOWEST_PRICE);
        vm.assertEq(amount0, 1e18);
        vm.assertEq(token0.balanceOf(TRADER), 1e27 - 1e18);
        vm.assertEq(int256(token1.balanceOf(TRADER)), int256(1e27) - amount1);
        // Bought for less than was sold: the pool takes a fee, and the price moves.
        vm.assertTrue(amount1 < 0 && amount1 > -1e18);
    }

    function test_swap_buysToken0() public {
        vm.prank(TRADER);
        (int256 amount0, int256 amount1) = trader.swap(address(pool), false, -1e18, HIGHEST_PRICE);
        vm.assertEq(amount0, -1e18);
        vm.assertEq(token0.balanceOf(TRADER), 1e27 + 1e18);
        vm.assertEq(int256(token1.balanceOf(TRADER)), int256(1e27) - amount1);
    }

    function testFuzz_swap_leavesNothingWithTheTrader(bool zeroForOne, bool buys, uint256 size) public {
        int256 amount = within(size, 1, 1e22).toInt256();
        if (buys) amount = -amount;
        vm.prank(TRADER);
        trader.swap(address(pool), zeroForOne, amount, zeroForOne ? LOWEST_PRICE : HIGHEST_PRICE);
        vm.assertEq(token0.balanceOf(address(trader)), 0);
        vm.assertEq(token1.balanceOf(address(trader)), 0);
    }

    function test_swap_revertsWithoutAllowance() public {
        vm.startPrank(TRADER);
        token0.approve(address(trader), 0);
        // The token's own error comes through the callback and the pool.
        vm.expectPartialRevert(bytes4(keccak256("ERC20InsufficientAllowance(address,uint256,uint256)")));
        trader.swap(address(pool), true, 1e18, LOWEST_PRICE);
        vm.stopPrank();
    }

    function testFuzz_swapCallback_revertsIfNoPoolIsBeingCalled(address sender) public {
        // Nobody holds the zero address.
        if (sender == address(0)) return;
        vm.expectRevert(abi.encodeWithSelector(IPoolTrader.NotThePool.selector, sender));
        vm.prank(sender);
        trader.uniswapV3SwapCallback(1, 0, "");
    }

    function testFuzz_mintCallback_revertsIfNoPoolIsBeingCalled(address sender) public {
        // Nobody holds the zero address.
        if (sender == address(0)) return;
        vm.expectRevert(abi.encodeWithSelector(IPoolTrader.NotThePool.selector, sender));
        vm.prank(sender);
        trader.uniswapV3MintCallback(1, 1, "");
    }

    function test_swapCallback_revertsForThePoolItselfAfterTheSwap() public {
        vm.prank(TRADER);
        trader.swap(address(pool), true, 1e18, LOWEST_PRICE);
        vm.expectRevert(abi.encodeWithSelector(IPoolTrader.NotThePool.selector, address(pool)));
        vm.prank(address(pool));
        trader.uniswapV3SwapCallback(1, 0, "");
    }

    function test_swapCallback_revertsForAnotherPoolDuringASwap() public {
        FalsePool falsePool = new FalsePool(pool, FalsePool.Attack.PayFromAnotherPool, PROVIDER);
        vm.expectPartialRevert(IPoolTrader.NotThePool.selector);
        trader.swap(address(falsePool), true, 1, 0);
    }

    function test_swap_revertsIfReentered() public {
        FalsePool falsePool = new FalsePool(pool, FalsePool.Attack.ReenterSwap, PROVIDER);
        vm.expectRevert(IPoolTrader.Reentered.selector);
        trader.swap(address(falsePool), true, 1, 0);
        falsePool = new FalsePool(pool, FalsePool.Attack.ReenterMint, PROVIDER);
        vm.expectRevert(IPoolTrader.Reentered.selector);
        trader.swap(address(falsePool), true, 1, 0);
    }

    function fund(address account) private {
        token0.mint(account, 1e27);
        token1.mint(account, 1e27);
        vm.startPrank(account);
        token0.approve(address(trader), type(uint256).max);
        token1.approve(address(trader), type(uint256).max);
        vm.stopPrank();
    }
}
