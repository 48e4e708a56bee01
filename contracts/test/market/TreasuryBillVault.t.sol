// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {MarketToken} from "../../src/market/MarketToken.sol";
import {TreasuryBillVault} from "../../src/market/TreasuryBillVault.sol";
import {IERC7540Operator, IERC7540Redeem} from "../../src/market/interfaces/IERC7540Redeem.sol";
import {ITreasuryBillVault} from "../../src/market/interfaces/ITreasuryBillVault.sol";
import {Test} from "../Test.sol";

contract TreasuryBillVaultTest is Test {
    uint96 private constant RATE = 1_050_000;
    uint64 private constant DELAY = 1 hours;
    uint16 private constant MAX_CHANGE_BPS = 5;
    uint64 private constant START = 1_700_000_000;
    address private constant INVESTOR = address(0x1001);
    address private constant OTHER = address(0x1002);

    MarketToken private usd;
    TreasuryBillVault private vault;

    function setUp() public {
        vm.warp(START);
        usd = new MarketToken("US Dollar", "USD", 6, address(this));
        vault = deploy(address(this), RATE, MAX_CHANGE_BPS);
        usd.mint(INVESTOR, 1_000_000e6);
        vm.prank(INVESTOR);
        usd.approve(address(vault), type(uint256).max);
    }

    function test_constructor_publishesTheFirstRate() public {
        vm.expectEmit();
        emit ITreasuryBillVault.ExchangeRateUpdated(0, RATE, START);
        deploy(address(this), RATE, MAX_CHANGE_BPS);
        (uint96 rate, uint64 publishedAt) = vault.publishedRate();
        vm.assertEq(rate, RATE);
        vm.assertEq(publishedAt, START);
    }

    function test_constructor_setsWhatAVaultIs() public view {
        vm.assertEq(vault.asset(), address(usd));
        vm.assertEq(vault.share(), address(vault));
        vm.assertEq(vault.decimals(), 6);
        vm.assertEq(vault.accountant(), address(this));
        vm.assertEq(vault.minUpdateDelay(), DELAY);
        vm.assertEq(vault.maxChangeBps(), MAX_CHANGE_BPS);
    }

    function test_constructor_revertsIfThereIsNoAccountant() public {
        vm.expectRevert(ITreasuryBillVault.InvalidConfiguration.selector);
        deploy(address(0), RATE, MAX_CHANGE_BPS);
    }

    function test_constructor_revertsIfThereIsNoRate() public {
        vm.expectRevert(ITreasuryBillVault.InvalidConfiguration.selector);
        deploy(address(this), 0, MAX_CHANGE_BPS);
    }

    function test_constructor_revertsIfTheBoundIsZeroPercent() public {
        vm.expectRevert(ITreasuryBillVault.InvalidConfiguration.selector);
        deploy(address(this), RATE, 0);
    }

    function test_constructor_revertsIfTheBoundIsHundredPercent() public {
        vm.expectRevert(ITreasuryBillVault.InvalidConfiguration.selector);
        deploy(address(this), RATE, 10_000);
    }

    function test_supportsInterface_ofErc165Erc7540AndErc7575() public view {
        vm.assertTrue(vault.supportsInterface(type(IERC165).interfaceId));
        vm.assertTrue(vault.supportsInterface(0xe3bc4e65));
        vm.assertTrue(vault.supportsInterface(0x620ee8e4));
        vm.assertTrue(vault.supportsInterface(0x2f0a18c5));
        vm.assertFalse(vault.supportsInterface(0xffffffff));
        // Deposits are not asynchronous.
        vm.assertFalse(vault.supportsInterface(0xce3bbe50));
    }

    function test_publishRate_changesTheRateAtTheDelay() public {
        vm.warp(START + DELAY);
        vm.expectEmit();
        emit ITreasuryBillVault.ExchangeRateUpdated(RATE, RATE + 525, START + DELAY);
        vault.publishRate(RATE + 525);
        (uint96 rate, uint64 publishedAt) = vault.publishedRate();
        vm.assertEq(rate, RATE + 525);
        vm.assertEq(publishedAt, START + DELAY);
    }

    function test_publishRate_mayFallByTheBound() public {
        vm.warp(START + DELAY);
        vault.publishRate(RATE - 525);
        (uint96 rate,) = vault.publishedRate();
        vm.assertEq(rate, RATE - 525);
    }

    function testFuzz_publishRate_revertsBeforeTheDelay(uint64 elapsed) public {
        vm.warp(START + within(elapsed, 0, DELAY - 1));
        vm.expectRevert(abi.encodeWithSelector(ITreasuryBillVault.RateTooSoon.selector, START + DELAY));
        vault.publishRate(RATE);
    }

    function testFuzz_publishRate_takesExactlyTheRatesWithinTheBound(uint96 newRate) public {
        vm.warp(START + DELAY);
        uint256 change = newRate > RATE ? newRate - RATE : RATE - newRate;
        if (change > uint256(RATE) * MAX_CHANGE_BPS / 10_000) {
            vm.expectRevert(rateMovesTooFar(newRate));
        }
        vault.publishRate(newRate);
    }

    function test_publishRate_revertsJustAboveTheBound() public {
        vm.warp(START + DELAY);
        vm.expectRevert(rateMovesTooFar(RATE + 526));
        vault.publishRate(RATE + 526);
        vm.expectRevert(rateMovesTooFar(RATE - 526));
        vault.publishRate(RATE - 526);
    }

    function testFuzz_publishRate_revertsIfSenderIsNotTheAccountant(address sender) public {
        if (sender == address(this)) return;
        vm.warp(START + DELAY);
        vm.expectRevert(abi.encodeWithSelector(ITreasuryBillVault.NotAccountant.selector, sender));
        vm.prank(sender);
        vault.publishRate(RATE);
    }

    function test_deposit_convertsAtTheRate() public {
        vm.expectEmit();
        emit IERC4626.Deposit(INVESTOR, OTHER, 105e6, 100e6);
        vm.prank(INVESTOR);
        vm.assertEq(vault.deposit(105e6, OTHER), 100e6);
        vm.assertEq(vault.balanceOf(OTHER), 100e6);
        vm.assertEq(vault.totalAssets(), 105e6);
    }

    function test_mint_convertsAtTheRate() public {
        vm.prank(INVESTOR);
        vm.assertEq(vault.mint(100e6, INVESTOR), 105e6);
        vm.assertEq(usd.balanceOf(address(vault)), 105e6);
    }

    function test_deposit_revertsIfTheAllowanceIsTooSmall() public {
        usd.mint(OTHER, 10e6);
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, address(vault), 0, 10e6)
        );
        vm.prank(OTHER);
        vault.deposit(10e6, OTHER);
    }

    function test_totalAssets_followsTheRateAndNotTheBalance() public {
        buy(100e6);
        vm.warp(START + DELAY);
        vault.publishRate(RATE + 525);
        vm.assertEq(vault.totalAssets(), 105_052_500);
        vm.assertEq(usd.balanceOf(address(vault)), 105e6);
        usd.mint(address(vault), 1e6);
        vm.assertEq(vault.totalAssets(), 105_052_500);
    }

    function testFuzz_conversion_neverFavoursTheInvestor(uint96 assets) public view {
        uint256 shares = vault.previewDeposit(assets);
        vm.assertLe(vault.convertToAssets(shares), assets);
        vm.assertLe(assets, vault.previewMint(shares + 1));
    }

    function test_requestRedeem_locksTheShares() public {
        buy(100e6);
        vm.expectEmit();
        emit IERC7540Redeem.RedeemRequest(OTHER, INVESTOR, 0, INVESTOR, 40e6);
        vm.prank(INVESTOR);
        vm.assertEq(vault.requestRedeem(40e6, OTHER, INVESTOR), 0);
        vm.assertEq(vault.balanceOf(INVESTOR), 60e6);
        vm.assertEq(vault.balanceOf(address(vault)), 40e6);
        vm.assertEq(vault.pendingRedeemRequest(0, OTHER), 40e6);
        vm.assertEq(vault.claimableRedeemRequest(0, OTHER), 0);
        vm.assertEq(vault.totalSupply(), 100e6);
    }

    function test_requestRedeem_addsUpForOneController() public {
        buy(100e6);
        request(10e6);
        request(5e6);
        vm.assertEq(vault.pendingRedeemRequest(0, INVESTOR), 15e6);
    }

    function test_requestRedeem_spendsAnAllowance() public {
        buy(100e6);
        vm.prank(INVESTOR);
        vault.approve(OTHER, 40e6);
        vm.prank(OTHER);
        vault.requestRedeem(30e6, OTHER, INVESTOR);
        vm.assertEq(vault.allowance(INVESTOR, OTHER), 10e6);
    }

    function test_requestRedeem_byAnOperatorNeedsNoAllowance() public {
        buy(100e6);
        setOperator(OTHER, true);
        vm.prank(OTHER);
        vault.requestRedeem(30e6, INVESTOR, INVESTOR);
        vm.assertEq(vault.pendingRedeemRequest(0, INVESTOR), 30e6);
    }

    function test_requestRedeem_revertsWithoutAllowance() public {
        buy(100e6);
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, OTHER, 0, 30e6)
        );
        vm.prank(OTHER);
        vault.requestRedeem(30e6, OTHER, INVESTOR);
    }

    function test_requestRedeem_revertsForNoShares() public {
        vm.expectRevert(ITreasuryBillVault.NoShares.selector);
        request(0);
    }

    function test_requestRedeem_revertsAboveTheBalance() public {
        buy(100e6);
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, INVESTOR, 100e6, 100e6 + 1)
        );
        request(100e6 + 1);
    }

    function test_setOperator_setsAndLifts() public {
        vm.expectEmit();
        emit IERC7540Operator.OperatorSet(INVESTOR, OTHER, true);
        setOperator(OTHER, true);
        vm.assertTrue(vault.isOperator(INVESTOR, OTHER));
        setOperator(OTHER, false);
        vm.assertFalse(vault.isOperator(INVESTOR, OTHER));
    }

    function test_fulfilRedeem_paysTheRateOfTheFulfilment() public {
        buy(100e6);
        request(40e6);
        vm.warp(START + DELAY);
        vault.publishRate(RATE + 500);
        vm.expectEmit();
        emit ITreasuryBillVault.RedeemFulfilled(INVESTOR, 40e6, 42_020_000, 42_020_000);
        vm.assertEq(vault.fulfilRedeem(INVESTOR, 40e6), 42_020_000);
        vm.assertEq(vault.pendingRedeemRequest(0, INVESTOR), 0);
        vm.assertEq(vault.claimableRedeemRequest(0, INVESTOR), 40e6);
        vm.assertEq(vault.maxRedeem(INVESTOR), 40e6);
        vm.assertEq(vault.maxWithdraw(INVESTOR), 42_020_000);
        vm.assertEq(vault.claimableAssets(), 42_020_000);
        vm.assertEq(vault.totalSupply(), 60e6);
    }

    function test_fulfilRedeem_fixesTheRate() public {
        buy(100e6);
        request(40e6);
        vault.fulfilRedeem(INVESTOR, 40e6);
        vm.warp(START + DELAY);
        vault.publishRate(RATE + 500);
        vm.assertEq(vault.maxWithdraw(INVESTOR), 42e6);
    }

    function test_fulfilRedeem_mayBePartial() public {
        buy(100e6);
        request(40e6);
        vault.fulfilRedeem(INVESTOR, 10e6);
        vm.assertEq(vault.pendingRedeemRequest(0, INVESTOR), 30e6);
        vm.assertEq(vault.claimableRedeemRequest(0, INVESTOR), 10e6);
    }

    function test_fulfilRedeem_revertsIfSenderIsNotTheAccountant() public {
        vm.expectRevert(abi.encodeWithSelector(ITreasuryBillVault.NotAccountant.selector, OTHER));
        vm.prank(OTHER);
        vault.fulfilRedeem(INVESTOR, 1);
    }

    function test_fulfilRedeem_revertsForNoShares() public {
        vm.expectRevert(ITreasuryBillVault.NoShares.selector);
        vault.fulfilRedeem(INVESTOR, 0);
    }

    function test_fulfilRedeem_revertsAboveThePendingShares() public {
        buy(100e6);
        request(40e6);
        vm.expectRevert(
            abi.encodeWithSelector(ITreasuryBillVault.ExceedsPendingShares.selector, INVESTOR, 40e6 + 1, 40e6)
        );
        vault.fulfilRedeem(INVESTOR, 40e6 + 1);
    }

    /// @dev Assets that wait to be claimed are not free for another's redemption.
    function test_fulfilRedeem_revertsIfFreeAssetsDoNotSuffice() public {
        buy(100e6);
        request(100e6);
        vault.fulfilRedeem(INVESTOR, 60e6);
        vm.warp(START + DELAY);
        vault.publishRate(RATE + 500);
        vm.expectRevert(
            abi.encodeWithSelector(ITreasuryBillVault.InsufficientLiquidity.selector, 42_020_000, 42e6)
        );
        vault.fulfilRedeem(INVESTOR, 40e6);
        usd.mint(address(vault), 20_000);
        vault.fulfilRedeem(INVESTOR, 40e6);
    }

    function test_redeem_claims() public {
        fulfilled(40e6);
        vm.expectEmit();
        emit IERC4626.Withdraw(INVESTOR, OTHER, INVESTOR, 10_500_000, 10e6);
        vm.prank(INVESTOR);
        vm.assertEq(vault.redeem(10e6, OTHER, INVESTOR), 10_500_000);
        vm.assertEq(usd.balanceOf(OTHER), 10_500_000);
        vm.assertEq(vault.maxRedeem(INVESTOR), 30e6);
        vm.assertEq(vault.claimableAssets(), 31_500_000);
    }

    function test_withdraw_claims() public {
        fulfilled(40e6);
        vm.prank(INVESTOR);
        vm.assertEq(vault.withdraw(21e6, OTHER, INVESTOR), 20e6);
        vm.assertEq(usd.balanceOf(OTHER), 21e6);
        vm.assertEq(vault.maxWithdraw(INVESTOR), 21e6);
    }

    function test_withdraw_roundsTheSharesUp() public {
        fulfilled(40e6);
        vm.prank(INVESTOR);
        vm.assertEq(vault.withdraw(1, OTHER, INVESTOR), 1);
    }

    function test_redeem_byAnOperator() public {
        fulfilled(40e6);
        setOperator(OTHER, true);
        vm.prank(OTHER);
        vault.redeem(40e6, OTHER, INVESTOR);
        vm.assertEq(usd.balanceOf(OTHER), 42e6);
    }

    function test_redeem_revertsForAnybodyElse() public {
        fulfilled(40e6);
        bytes memory notOperator =
            abi.encodeWithSelector(ITreasuryBillVault.NotOperator.selector, INVESTOR, OTHER);
        vm.startPrank(OTHER);
        vm.expectRevert(notOperator);
        vault.redeem(40e6, OTHER, INVESTOR);
        vm.expectRevert(notOperator);
        vault.withdraw(42e6, OTHER, INVESTOR);
        vm.stopPrank();
    }

    function test_redeem_revertsAboveTheClaimable() public {
        fulfilled(40e6);
        vm.startPrank(INVESTOR);
        vm.expectRevert(
            abi.encodeWithSelector(ERC4626.ERC4626ExceededMaxRedeem.selector, INVESTOR, 40e6 + 1, 40e6)
        );
        vault.redeem(40e6 + 1, INVESTOR, INVESTOR);
        vm.expectRevert(
            abi.encodeWithSelector(ERC4626.ERC4626ExceededMaxWithdraw.selector, INVESTOR, 42e6 + 1, 42e6)
        );
        vault.withdraw(42e6 + 1, INVESTOR, INVESTOR);
        vm.stopPrank();
    }

    function test_previews_revertAsRedemptionIsAsynchronous() public {
        vm.expectRevert(ITreasuryBillVault.RedemptionIsAsynchronous.selector);
        vault.previewRedeem(1);
        vm.expectRevert(ITreasuryBillVault.RedemptionIsAsynchronous.selector);
        vault.previewWithdraw(1);
    }

    /// @dev However the claims are cut, they pay out what was fulfilled, to the last unit.
    function testFuzz_claims_addUpToTheFulfilment(uint256 shares, uint256 first, bool byAssets) public {
        shares = within(shares, 1, 500_000e6);
        buy(shares);
        request(shares);
        uint256 assets = vault.fulfilRedeem(INVESTOR, shares);
        uint256 before = usd.balanceOf(INVESTOR);
        vm.startPrank(INVESTOR);
        if (byAssets) vault.withdraw(within(first, 0, assets), INVESTOR, INVESTOR);
        else vault.redeem(within(first, 0, shares), INVESTOR, INVESTOR);
        vault.redeem(vault.maxRedeem(INVESTOR), INVESTOR, INVESTOR);
        vm.stopPrank();
        vm.assertLe(usd.balanceOf(INVESTOR) - before, assets);
        vm.assertEq(usd.balanceOf(INVESTOR) - before + vault.claimableAssets(), assets);
        vm.assertEq(vault.maxRedeem(INVESTOR), 0);
    }

    function deploy(address accountant, uint96 rate, uint16 maxChangeBps)
        private
        returns (TreasuryBillVault)
    {
        return new TreasuryBillVault(usd, "Treasury Bills", "TBILL", accountant, rate, DELAY, maxChangeBps);
    }

    function rateMovesTooFar(uint96 newRate) private pure returns (bytes memory) {
        return
            abi.encodeWithSelector(ITreasuryBillVault.RateMovesTooFar.selector, RATE, newRate, MAX_CHANGE_BPS);
    }

    function buy(uint256 shares) private {
        vm.prank(INVESTOR);
        vault.mint(shares, INVESTOR);
    }

    function request(uint256 shares) private {
        vm.prank(INVESTOR);
        vault.requestRedeem(shares, INVESTOR, INVESTOR);
    }

    function fulfilled(uint256 shares) private {
        buy(shares);
        request(shares);
        vault.fulfilRedeem(INVESTOR, shares);
    }

    function setOperator(address operator, bool approved) private {
        vm.prank(INVESTOR);
        vm.assertTrue(vault.setOperator(operator, approved));
    }
}
