// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {DecisionLog} from "../../src/DecisionLog.sol";
import {IAgentStake} from "../../src/interfaces/IAgentStake.sol";
import {MarketToken} from "../../src/market/MarketToken.sol";
import {AgentStake} from "../../src/stake/AgentStake.sol";
import {Test} from "../Test.sol";
import {CallingToken, FeeToken} from "./Tokens.sol";

/// @dev The test holds the place of the `Challenge`: it deploys the stake.
contract AgentStakeTest is Test {
    uint256 private constant AGENT_SECRET = 0xA6E27;
    address private constant OWNER = address(0xA11CE);
    address private constant PATRON = address(0xF00D);
    address private constant CHALLENGER = address(0xC4A1);
    address private constant STRANGER = address(0x57A6);
    uint64 private constant WINDOW = 7 days;
    uint64 private constant UNBONDING = 14 days;
    uint32 private constant SHARE = 400_000;

    DecisionLog private log = new DecisionLog(address(0));
    MarketToken private token = new MarketToken("Stake", "STK", 18, address(this));
    address private agent = vm.addr(AGENT_SECRET);
    AgentStake private stake;

    function setUp() public {
        vm.warp(1_800_000_000);
        stake = deploy(token);
        token.mint(PATRON, 1000);
        vm.prank(PATRON);
        token.approve(address(stake), type(uint256).max);
        nameOwner(stake);
    }

    function test_constructor_setsTheTerms() public view {
        vm.assertEq(address(stake.log()), address(log));
        vm.assertEq(address(stake.token()), address(token));
        vm.assertEq(stake.challenge(), address(this));
        vm.assertEq(stake.challengeWindowSeconds(), WINDOW);
        vm.assertEq(stake.unbondingSeconds(), UNBONDING);
        vm.assertEq(stake.rewardSharePpm(), SHARE);
    }

    function test_constructor_revertsIfStakeCouldLeaveWithinTheWindow() public {
        vm.expectRevert(IAgentStake.InvalidConfiguration.selector);
        new AgentStake(log, token, WINDOW, WINDOW, SHARE);
    }

    function test_constructor_revertsForAShareOfNothingOrAboveAll() public {
        vm.expectRevert(IAgentStake.InvalidConfiguration.selector);
        new AgentStake(log, token, WINDOW, UNBONDING, 0);
        vm.expectRevert(IAgentStake.InvalidConfiguration.selector);
        new AgentStake(log, token, WINDOW, UNBONDING, 1_000_001);
    }

    function test_nameOwner_isTheAgentsToSayOnce() public {
        vm.assertEq(stake.ownerOf(agent), OWNER);
        bytes memory consent = consentOf(stake, AGENT_SECRET, agent, STRANGER);
        vm.expectRevert(abi.encodeWithSelector(IAgentStake.StakeHasOwner.selector, agent));
        stake.nameOwner(agent, STRANGER, consent);
    }

    function test_nameOwner_revertsWithoutTheAgentsConsent() public {
        address other = vm.addr(0xBAD);
        bytes[4] memory consents = [
            consentOf(stake, AGENT_SECRET, other, STRANGER),
            consentOf(stake, 0xBAD, other, OWNER),
            consentOf(deploy(token), 0xBAD, other, STRANGER),
            bytes("")
        ];
        for (uint256 i = 0; i < consents.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IAgentStake.NotSignedByAgent.selector, other));
            stake.nameOwner(other, STRANGER, consents[i]);
        }
        // A signature that is none recovers to the zero address.
        vm.expectRevert(abi.encodeWithSelector(IAgentStake.NotSignedByAgent.selector, address(0)));
        stake.nameOwner(address(0), STRANGER, "");
    }

    function test_nameOwner_isThePresentKeysToSay() public {
        (uint256 oldSecret, uint256 newSecret) = (0x01D, 0x4E4);
        address rotated = vm.addr(oldSecret);
        vm.prank(rotated);
        log.startEpoch(rotated, 1, vm.addr(newSecret), possessionOf(newSecret, rotated, 1), "");
        bytes memory consent = consentOf(stake, oldSecret, rotated, STRANGER);
        vm.expectRevert(abi.encodeWithSelector(IAgentStake.NotSignedByAgent.selector, rotated));
        stake.nameOwner(rotated, STRANGER, consent);
        stake.nameOwner(rotated, OWNER, consentOf(stake, newSecret, rotated, OWNER));
        vm.assertEq(stake.ownerOf(rotated), OWNER);
    }

    function test_nameOwner_revertsForNobody() public {
        bytes memory consent = consentOf(stake, 0xBAD, vm.addr(0xBAD), address(0));
        vm.expectRevert(IAgentStake.NoStakeOwner.selector);
        stake.nameOwner(vm.addr(0xBAD), address(0), consent);
    }

    function test_passOwnership_isTheOwnersToDo() public {
        vm.expectRevert(abi.encodeWithSelector(IAgentStake.NotStakeOwner.selector, STRANGER));
        vm.prank(STRANGER);
        stake.passOwnership(agent, STRANGER);
        vm.expectEmit();
        emit IAgentStake.StakeOwned(agent, PATRON);
        vm.prank(OWNER);
        stake.passOwnership(agent, PATRON);
        vm.assertEq(stake.ownerOf(agent), PATRON);
        vm.expectRevert(IAgentStake.NoStakeOwner.selector);
        vm.prank(PATRON);
        stake.passOwnership(agent, address(0));
    }

    function test_addStake_isForAnybody() public {
        vm.expectEmit();
        emit IAgentStake.StakeAdded(agent, PATRON, 600);
        vm.prank(PATRON);
        vm.assertEq(stake.addStake(agent, 600), 600);
        vm.prank(PATRON);
        stake.addStake(agent, 400);
        assertStake(1000, 0, 0);
        vm.assertEq(token.balanceOf(address(stake)), 1000);
    }

    function test_addStake_revertsWhereNobodyCouldTakeItBack() public {
        vm.expectRevert(IAgentStake.NoStakeOwner.selector);
        vm.prank(PATRON);
        stake.addStake(STRANGER, 1);
    }

    function test_addStake_revertsForNothing() public {
        vm.expectRevert(IAgentStake.NothingToMove.selector);
        vm.prank(PATRON);
        stake.addStake(agent, 0);
    }

    function test_startUnbonding_isTheOwnersToDo() public {
        add(1000);
        vm.expectRevert(abi.encodeWithSelector(IAgentStake.NotStakeOwner.selector, PATRON));
        vm.prank(PATRON);
        stake.startUnbonding(agent, 1);
    }

    function test_startUnbonding_revertsAboveTheStake() public {
        add(1000);
        vm.startPrank(OWNER);
        stake.startUnbonding(agent, 600);
        vm.expectRevert(abi.encodeWithSelector(IAgentStake.StakeExceeded.selector, 401, 400));
        stake.startUnbonding(agent, 401);
        vm.expectRevert(IAgentStake.NothingToMove.selector);
        stake.startUnbonding(agent, 0);
        vm.stopPrank();
    }

    function test_startUnbonding_makesWhatWaitsWaitAnew() public {
        add(1000);
        unbond(300);
        vm.warp(block.timestamp + UNBONDING - 1);
        vm.expectEmit();
        emit IAgentStake.UnbondingStarted(agent, 100, block.timestamp + UNBONDING);
        unbond(100);
        assertStake(600, 400, block.timestamp + UNBONDING);
        vm.warp(block.timestamp + UNBONDING - 1);
        vm.expectRevert(abi.encodeWithSelector(IAgentStake.StillUnbonding.selector, block.timestamp + 1));
        vm.prank(OWNER);
        stake.withdraw(agent, OWNER);
    }

    function test_withdraw_paysWhatHasWaited() public {
        add(1000);
        unbond(300);
        vm.warp(block.timestamp + UNBONDING);
        vm.expectEmit();
        emit IAgentStake.StakeWithdrawn(agent, STRANGER, 300);
        vm.prank(OWNER);
        vm.assertEq(stake.withdraw(agent, STRANGER), 300);
        vm.assertEq(token.balanceOf(STRANGER), 300);
        assertStake(700, 0, 0);
        vm.expectRevert(IAgentStake.NothingToMove.selector);
        vm.prank(OWNER);
        stake.withdraw(agent, STRANGER);
    }

    function test_withdraw_isTheOwnersToDo() public {
        add(1000);
        unbond(1000);
        vm.warp(block.timestamp + UNBONDING);
        vm.expectRevert(abi.encodeWithSelector(IAgentStake.NotStakeOwner.selector, agent));
        vm.prank(agent);
        stake.withdraw(agent, agent);
    }

    function test_slash_takesAllAndMarks() public {
        add(1000);
        unbond(301);
        vm.assertFalse(stake.isMarked(agent));
        vm.expectEmit();
        emit IAgentStake.StakeSlashed(agent, CHALLENGER, 1000, 400);
        vm.assertEq(stake.slash(agent, CHALLENGER), 1000);
        vm.assertTrue(stake.isMarked(agent));
        assertStake(0, 0, 0);
        vm.assertEq(stake.rewardOf(CHALLENGER), 400);
        vm.assertEq(stake.locked(), 600);
    }

    function test_slash_takesWhatHasWaitedLongEnoughAndWasNotWithdrawn() public {
        add(1000);
        unbond(1000);
        vm.warp(block.timestamp + UNBONDING + 365 days);
        vm.assertEq(stake.slash(agent, CHALLENGER), 1000);
        vm.expectRevert(IAgentStake.NothingToMove.selector);
        vm.prank(OWNER);
        stake.withdraw(agent, OWNER);
    }

    function test_coverOf_leavesOutWhatMayGoWithinTheWindow() public {
        add(1000);
        vm.assertEq(stake.coverOf(agent), 1000);
        unbond(300);
        vm.assertEq(stake.coverOf(agent), 1000);
        vm.warp(block.timestamp + UNBONDING - WINDOW);
        vm.assertEq(stake.coverOf(agent), 1000);
        vm.warp(block.timestamp + 1);
        vm.assertEq(stake.coverOf(agent), 700);
        stake.slash(agent, CHALLENGER);
        vm.assertEq(stake.coverOf(agent), 0);
    }

    function test_slash_leavesNoWayToStakeAgain() public {
        add(500);
        stake.slash(agent, CHALLENGER);
        vm.expectRevert(abi.encodeWithSelector(IAgentStake.AgentIsMarked.selector, agent));
        add(500);
    }

    function test_slash_marksAnAgentWithoutAStake() public {
        vm.expectEmit();
        emit IAgentStake.StakeSlashed(STRANGER, CHALLENGER, 0, 0);
        stake.slash(STRANGER, CHALLENGER);
        vm.assertTrue(stake.isMarked(STRANGER));
    }

    function test_slash_isTheChallengesToDo() public {
        add(1000);
        address[3] memory others = [agent, OWNER, CHALLENGER];
        for (uint256 i = 0; i < others.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IAgentStake.NotTheChallenge.selector, others[i]));
            vm.prank(others[i]);
            stake.slash(agent, CHALLENGER);
        }
    }

    function test_claimReward_paysOnce() public {
        add(1000);
        stake.slash(agent, CHALLENGER);
        vm.expectEmit();
        emit IAgentStake.RewardClaimed(CHALLENGER, STRANGER, 400);
        vm.prank(CHALLENGER);
        vm.assertEq(stake.claimReward(STRANGER), 400);
        vm.assertEq(token.balanceOf(STRANGER), 400);
        vm.expectRevert(IAgentStake.NothingToMove.selector);
        vm.prank(CHALLENGER);
        stake.claimReward(STRANGER);
        // What is locked stays.
        vm.assertEq(token.balanceOf(address(stake)), 600);
    }

    function test_fee_countsWhatArrived() public {
        FeeToken fee = new FeeToken();
        AgentStake feeStake = deploy(fee);
        nameOwner(feeStake);
        fee.mint(address(this), 1000);
        fee.approve(address(feeStake), 1000);
        vm.assertEq(feeStake.addStake(agent, 1000), 990);
        (uint256 staked,,) = feeStake.stakeOf(agent);
        vm.assertEq(staked, 990);
        vm.assertEq(fee.balanceOf(address(feeStake)), 990);
    }

    function test_reentry_cannotCountATransferTwice() public {
        (CallingToken calling, AgentStake callingStake) = callingPair();
        calling.callDuringTransfer(address(callingStake), abi.encodeCall(IAgentStake.addStake, (agent, 500)));
        calling.approve(address(callingStake), 1000);
        callingStake.addStake(agent, 1000);
        assertRefused(calling);
        (uint256 staked,,) = callingStake.stakeOf(agent);
        vm.assertEq(staked, 1000);
        vm.assertEq(calling.balanceOf(address(callingStake)), 1000);
    }

    function test_reentry_cannotWithdrawTwice() public {
        (CallingToken calling, AgentStake callingStake) = callingPair();
        calling.approve(address(callingStake), 1000);
        callingStake.addStake(agent, 1000);
        vm.startPrank(OWNER);
        callingStake.startUnbonding(agent, 500);
        callingStake.passOwnership(agent, address(calling));
        vm.stopPrank();
        vm.warp(block.timestamp + UNBONDING);
        calling.callDuringTransfer(
            address(callingStake), abi.encodeCall(IAgentStake.withdraw, (agent, STRANGER))
        );
        vm.prank(address(calling));
        callingStake.withdraw(agent, STRANGER);
        assertRefused(calling);
        vm.assertEq(calling.balanceOf(STRANGER), 500);
    }

    function test_reentry_cannotClaimTwice() public {
        (CallingToken calling, AgentStake callingStake) = callingPair();
        calling.approve(address(callingStake), 1000);
        callingStake.addStake(agent, 1000);
        callingStake.slash(agent, address(calling));
        calling.callDuringTransfer(address(callingStake), abi.encodeCall(IAgentStake.claimReward, (STRANGER)));
        vm.prank(address(calling));
        callingStake.claimReward(STRANGER);
        assertRefused(calling);
        vm.assertEq(calling.balanceOf(STRANGER), 400);
    }

    function testFuzz_slash_losesNothing(uint256 amount, uint256 unbonding, uint32 share) public {
        amount = within(amount, 1, type(uint256).max - 1);
        unbonding = within(unbonding, 0, amount);
        share = uint32(within(share, 1, 1_000_000));
        MarketToken big = new MarketToken("Big", "BIG", 0, address(this));
        AgentStake bigStake = new AgentStake(log, big, WINDOW, UNBONDING, share);
        nameOwner(bigStake);
        big.mint(address(this), amount);
        big.approve(address(bigStake), amount);
        bigStake.addStake(agent, amount);
        if (unbonding > 0) {
            vm.prank(OWNER);
            bigStake.startUnbonding(agent, unbonding);
        }
        vm.assertEq(bigStake.slash(agent, CHALLENGER), amount);
        vm.assertEq(bigStake.rewardOf(CHALLENGER) + bigStake.locked(), amount);
        // The share rounds down, by less than one unit.
        vm.assertLe(bigStake.rewardOf(CHALLENGER), amount);
        if (share == 1_000_000) vm.assertEq(bigStake.locked(), 0);
    }

    function add(uint256 amount) private {
        vm.prank(PATRON);
        stake.addStake(agent, amount);
    }

    function unbond(uint256 amount) private {
        vm.prank(OWNER);
        stake.startUnbonding(agent, amount);
    }

    function assertStake(uint256 staked, uint256 unbonding, uint256 releaseAt) private view {
        (uint256 actualStaked, uint256 actualUnbonding, uint256 actualReleaseAt) = stake.stakeOf(agent);
        vm.assertEq(actualStaked, staked);
        vm.assertEq(actualUnbonding, unbonding);
        vm.assertEq(actualReleaseAt, releaseAt);
    }

    function assertRefused(CallingToken calling) private view {
        vm.assertFalse(calling.answered());
        vm.assertEq(
            calling.answer(),
            abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector)
        );
    }

    function callingPair() private returns (CallingToken calling, AgentStake callingStake) {
        calling = new CallingToken();
        callingStake = deploy(calling);
        nameOwner(callingStake);
        calling.mint(address(this), 1000);
        calling.mint(address(calling), 1000);
        calling.approveFor(address(callingStake));
    }

    function deploy(IERC20 of_) private returns (AgentStake) {
        return new AgentStake(log, of_, WINDOW, UNBONDING, SHARE);
    }

    function nameOwner(AgentStake of_) private {
        of_.nameOwner(agent, OWNER, consentOf(of_, AGENT_SECRET, agent, OWNER));
    }

    function possessionOf(uint256 secret, address of_agent, uint16 epoch)
        private
        view
        returns (bytes memory)
    {
        bytes32 message = keccak256(
            abi.encode(
                keccak256("Epoch(address agent,uint16 epoch,address key)"), of_agent, epoch, vm.addr(secret)
            )
        );
        return signatureOf(secret, typedHash(address(log), message));
    }

    function consentOf(AgentStake of_, uint256 secret, address of_agent, address owner)
        private
        view
        returns (bytes memory)
    {
        bytes32 message =
            keccak256(abi.encode(keccak256("StakeOwner(address agent,address owner)"), of_agent, owner));
        return signatureOf(secret, typedHash(address(of_), message));
    }
}
