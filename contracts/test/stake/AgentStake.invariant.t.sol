// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {DecisionLog} from "../../src/DecisionLog.sol";
import {MarketToken} from "../../src/market/MarketToken.sol";
import {AgentStake} from "../../src/stake/AgentStake.sol";
import {Test} from "../Test.sol";

/// @dev Moves the stakes of a few agents about, rightly and wrongly, and keeps books of its own. It holds the place
/// of the `Challenge`.
contract AgentStakeHandler is Test {
    uint256 public constant AGENTS = 4;
    uint64 private constant WINDOW = 3 days;
    uint64 private constant UNBONDING = 5 days;

    MarketToken public immutable token = new MarketToken("Stake", "STK", 18, address(this));
    AgentStake public immutable stake;

    uint256 public moved;
    uint256 public slashes;
    uint256 public refused;
    uint256 public donated;
    /// @dev Deriving an address from a key costs more than everything else here.
    address[AGENTS] private _agents;
    /// @dev What was staked for an agent and not yet paid back or lost.
    mapping(address agent => uint256) public held;
    /// @dev When the last part of what waits began to wait.
    mapping(address agent => uint256) private _unbondedAt;
    mapping(address agent => bool) public lost;

    constructor() {
        vm.warp(1_800_000_000);
        stake = new AgentStake(new DecisionLog(address(0)), token, WINDOW, UNBONDING, 333_333);
        token.mint(address(this), type(uint128).max);
        token.approve(address(stake), type(uint256).max);
        for (uint256 i = 0; i < AGENTS; ++i) {
            uint256 secret = 0xA6E0 + i;
            _agents[i] = vm.addr(secret);
            bytes32 message = keccak256(
                abi.encode(keccak256("StakeOwner(address agent,address owner)"), agentAt(i), ownerAt(i))
            );
            bytes memory consent = signatureOf(secret, typedHash(address(stake), message));
            stake.nameOwner(agentAt(i), ownerAt(i), consent);
        }
    }

    function addStake(uint256 seed, uint96 amount) external {
        address agent = agentAt(seed);
        try stake.addStake(agent, amount) returns (uint256 received) {
            vm.assertFalse(lost[agent]);
            vm.assertEq(received, amount);
            held[agent] += amount;
            ++moved;
        } catch {
            vm.assertTrue(lost[agent] || amount == 0);
            ++refused;
        }
    }

    function startUnbonding(uint256 seed, uint256 amount) external {
        address agent = agentAt(seed);
        (uint256 staked,,) = stake.stakeOf(agent);
        // Mostly part of what is there, at times more.
        amount = within(amount, 0, staked + staked / 8);
        vm.prank(ownerAt(seed));
        try stake.startUnbonding(agent, amount) returns (uint256 releaseAt) {
            vm.assertEq(releaseAt, block.timestamp + UNBONDING);
            _unbondedAt[agent] = block.timestamp;
            ++moved;
        } catch {
            vm.assertTrue(amount == 0 || amount > staked);
            ++refused;
        }
    }

    function withdraw(uint256 seed) external {
        address agent = agentAt(seed);
        (, uint256 unbonding,) = stake.stakeOf(agent);
        vm.prank(ownerAt(seed));
        try stake.withdraw(agent, ownerAt(seed)) returns (uint256 amount) {
            vm.assertEq(amount, unbonding);
            vm.assertLe(_unbondedAt[agent] + UNBONDING, block.timestamp);
            held[agent] -= amount;
            ++moved;
        } catch {
            vm.assertTrue(unbonding == 0 || block.timestamp < _unbondedAt[agent] + UNBONDING);
            ++refused;
        }
    }

    function slash(uint256 seed, uint256 challengerSeed) external {
        // Seldom, as it ends an agent.
        if (challengerSeed % 16 != 0) return;
        address agent = agentAt(seed);
        uint256 cover = stake.coverOf(agent);
        uint256 amount = stake.slash(agent, challengerAt(challengerSeed / 16));
        vm.assertEq(amount, held[agent]);
        vm.assertLe(cover, amount);
        held[agent] = 0;
        lost[agent] = true;
        ++slashes;
    }

    function claimReward(uint256 seed) external {
        address challenger = challengerAt(seed);
        uint256 reward = stake.rewardOf(challenger);
        vm.prank(challenger);
        try stake.claimReward(challenger) returns (uint256 amount) {
            vm.assertEq(amount, reward);
            ++moved;
        } catch {
            vm.assertEq(reward, 0);
            ++refused;
        }
    }

    function intrude(uint256 seed, uint256 who) external {
        address agent = agentAt(seed);
        // Another agent's owner, a challenger, or the agent's own key.
        address[3] memory intruders = [ownerAt(seed % AGENTS + 1), challengerAt(who), agent];
        vm.startPrank(intruders[who % 3]);
        try stake.startUnbonding(agent, 1) {
            vm.assertTrue(false);
        } catch {}
        try stake.withdraw(agent, intruders[who % 3]) {
            vm.assertTrue(false);
        } catch {}
        try stake.passOwnership(agent, intruders[who % 3]) {
            vm.assertTrue(false);
        } catch {}
        try stake.slash(agent, intruders[who % 3]) {
            vm.assertTrue(false);
        } catch {}
        vm.stopPrank();
        refused += 4;
    }

    function donate(uint96 amount) external {
        require(token.transfer(address(stake), amount));
        donated += amount;
    }

    function passTime(uint32 passedSeconds) external {
        vm.warp(block.timestamp + within(passedSeconds, 1, 2 days));
    }

    function agentAt(uint256 seed) public view returns (address) {
        return _agents[seed % AGENTS];
    }

    function ownerAt(uint256 seed) public pure returns (address) {
        return address(SafeCast.toUint160(0x0111 + seed % AGENTS));
    }

    function challengerAt(uint256 seed) public pure returns (address) {
        return address(SafeCast.toUint160(0xC4A0 + seed % 2));
    }
}

contract AgentStakeInvariantTest is Test {
    AgentStakeHandler private handler = new AgentStakeHandler();

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// forge-config: default.invariant.runs = 140
    /// forge-config: default.invariant.depth = 500
    /// forge-config: default.invariant.check_interval = 10
    function invariant_stakeIsConserved() public view {
        AgentStake stake = handler.stake();
        uint256 owed = stake.locked() + stake.rewardOf(handler.challengerAt(0))
            + stake.rewardOf(handler.challengerAt(1));
        for (uint256 i = 0; i < handler.AGENTS(); ++i) {
            address agent = handler.agentAt(i);
            (uint256 staked, uint256 unbonding,) = stake.stakeOf(agent);
            vm.assertEq(staked + unbonding, handler.held(agent));
            vm.assertTrue(stake.isMarked(agent) == handler.lost(agent));
            owed += staked + unbonding;
        }
        vm.assertEq(handler.token().balanceOf(address(stake)), owed + handler.donated());
    }

    /// @dev A handler that moved nothing would satisfy the invariant without testing anything. Only a replay of a
    /// shortened counterexample has so few calls that one kind may be absent.
    function afterInvariant() external view {
        if (handler.moved() + handler.refused() < 100) return;
        vm.assertGt(handler.moved(), 0);
        vm.assertGt(handler.refused(), 0);
    }
}
