// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IDecisionLog} from "../src/interfaces/IDecisionLog.sol";
import {LogTest} from "./LogTest.sol";
import {ReferenceTree} from "./ReferenceTree.sol";

/// @dev Agents, a relay, strangers and retired keys do to a log what they can, rightly and wrongly. The handler
/// remembers what must have been accepted, and looks after each call whether that is what the log holds.
contract DecisionLogHandler is LogTest {
    struct Agent {
        address id;
        uint192 head;
        uint64 next;
        uint16 epoch;
        /// @dev Numbers of the keys that it has had; the last is in force.
        uint256[] keys;
        /// @dev States that it was in before the present one.
        bytes32[] past;
        bytes32[] leaves;
    }

    uint256 public constant AGENTS = 4;
    uint256 private constant STRANGER = 999;
    uint256 private constant OWNER = 998;
    uint256 private constant SPARE_KEYS = 20;

    uint256 public accepted;
    uint256 public refused;
    uint256 public epochs;
    Agent[] private _agents;
    /// @dev Signed commits that a relay has seen: all of them may be sent again.
    IDecisionLog.Commit[] private _seen;
    /// @dev Deriving an address costs more than all else that a call does.
    mapping(uint256 number => address) private _addresses;

    constructor() {
        for (uint256 number = OWNER; number < 1000 + SPARE_KEYS; ++number) {
            _addresses[number] = addressAt(number);
        }
        for (uint256 i = 0; i < AGENTS; ++i) {
            Agent storage agent = _agents.push();
            agent.id = _addresses[i] = addressAt(i);
            agent.keys.push(i);
            // Every second agent is bound to an identity, whose owner may replace its key.
            if (i % 2 == 0) continue;
            tokens.mint(_addresses[OWNER], i);
            bytes memory signature = signIdentity(keyAt(i), agent.id, i);
            vm.prank(_addresses[OWNER]);
            log.bindIdentity(agent.id, i, signature);
        }
    }

    /// @dev Every agent's state is what was accepted: no gap, no other leaf, no other key, no lower epoch.
    modifier checked() {
        bytes32[AGENTS] memory before;
        for (uint256 i = 0; i < AGENTS; ++i) {
            before[i] = log.stateOf(_agents[i].id);
        }
        _;
        for (uint256 i = 0; i < AGENTS; ++i) {
            bytes32 state = log.stateOf(_agents[i].id);
            bool rose = uint16(uint256(state) >> 48) >= uint16(uint256(before[i]) >> 48)
                && uint48(uint256(state)) >= uint48(uint256(before[i]));
            if (rose && state == expectedState(i) && log.keyOf(_agents[i].id) == keyOf(i)) continue;
            revert("an agent's log is not what was accepted");
        }
    }

    function commit(uint256 who, uint256 seed, uint256 size) external checked {
        Agent storage agent = agentAt(who);
        bytes32[] memory leaves = leavesFrom(seed, within(size, 1, 9));
        vm.prank(keyOf(who % AGENTS));
        log.commit(agent.id, expectedState(who % AGENTS), leaves);
        remember(who % AGENTS, leaves);
    }

    function commitRoot(uint256 who, uint256 seed, uint256 size) external checked {
        Agent storage agent = agentAt(who);
        bytes32[] memory leaves = leavesFrom(seed, within(size, 1, 9));
        vm.prank(keyOf(who % AGENTS));
        log.commitRoot(
            agent.id, expectedState(who % AGENTS), uint64(leaves.length), ReferenceTree.root(leaves)
        );
        remember(who % AGENTS, leaves);
    }

    /// @dev One relayed transaction: for each agent a batch that follows, or something that must be left out.
    function relay(uint256 seed) external checked {
        IDecisionLog.Commit[] memory commits = new IDecisionLog.Commit[](AGENTS);
        uint256 right = 0;
        for (uint256 i = 0; i < AGENTS; ++i) {
            bytes32[] memory leaves = leavesFrom(seed ^ i, within(seed >> i, 1, 5));
            bytes32 state = expectedState(i);
            commits[i] = seed >> i & 1 == 0
                ? relayed(presentKey(i), _agents[i].id, state, leaves)
                : relayedRoot(
                    presentKey(i), _agents[i].id, state, uint64(leaves.length), ReferenceTree.root(leaves)
                );
            if (seed >> (8 + i) & 1 == 0) {
                wrong(commits[i], i, seed >> (16 + 4 * i));
                continue;
            }
            ++right;
            _seen.push(commits[i]);
            remember(i, leaves);
        }
        vm.assertEq(log.commitMany(commits), right);
        refused += commits.length - right;
    }

    function relayAgain(uint256 pick) external checked {
        if (_seen.length == 0) return;
        vm.assertEq(log.commitMany(one(_seen[pick % _seen.length])), 0);
        ++refused;
    }

    /// @dev Strangers, other agents' keys and retired ones, as the sender.
    function commitByAnotherKey(uint256 who, uint256 pick, bool rootOnly) external checked {
        Agent storage agent = agentAt(who);
        address sender = _addresses[anotherNumber(who % AGENTS, pick)];
        bytes32 state = expectedState(who % AGENTS);
        vm.expectRevert(notAuthorised(agent.id, sender));
        vm.prank(sender);
        if (rootOnly) log.commitRoot(agent.id, state, 3, keccak256("root"));
        else log.commit(agent.id, state, leavesFrom(pick, 2));
        ++refused;
    }

    function commitToAPastState(uint256 who, uint256 pick) external checked {
        Agent storage agent = agentAt(who);
        if (agent.past.length == 0) return;
        bytes32 past = agent.past[pick % agent.past.length];
        vm.expectRevert(
            abi.encodeWithSelector(IDecisionLog.StateMoved.selector, expectedState(who % AGENTS), past)
        );
        vm.prank(keyOf(who % AGENTS));
        log.commit(agent.id, past, leavesFrom(pick, 2));
        ++refused;
    }

    function commitNothing(uint256 who) external checked {
        Agent storage agent = agentAt(who);
        bytes32 state = expectedState(who % AGENTS);
        vm.expectRevert(IDecisionLog.EmptyBatch.selector);
        vm.prank(keyOf(who % AGENTS));
        log.commit(agent.id, state, new bytes32[](0));
        ++refused;
    }

    /// @dev With the same key, with a new or an earlier one; by the present key or by the identity's owner.
    function startEpoch(uint256 who, uint256 pick, bool byOwner) external checked {
        uint256 index = who % AGENTS;
        Agent storage agent = agentAt(who);
        uint256 number = pick % 3 == 0
            ? agent.keys[agent.keys.length - 1]
            : pick % 3 == 1 ? agent.keys[pick % agent.keys.length] : 1000 + pick % SPARE_KEYS;
        uint16 epoch = agent.epoch + 1;
        uint256 grantor = byOwner && index % 2 == 1 ? keyAt(OWNER) : presentKey(index);
        log.startEpoch(
            agent.id,
            epoch,
            _addresses[number],
            signEpoch(keyAt(number), agent.id, epoch, _addresses[number]),
            signEpoch(grantor, agent.id, epoch, _addresses[number])
        );
        agent.past.push(expectedState(index));
        agent.keys.push(number);
        agent.epoch = epoch;
        ++epochs;
    }

    function startEpochWrongly(uint256 who, uint256 pick, uint16 epoch) external checked {
        uint256 index = who % AGENTS;
        Agent storage agent = agentAt(who);
        address key = _addresses[STRANGER];
        if (pick % 4 == 0 && epoch != agent.epoch + 1) {
            vm.expectRevert(abi.encodeWithSelector(IDecisionLog.WrongEpoch.selector, agent.epoch + 1, epoch));
            log.startEpoch(agent.id, epoch, key, "", "");
        } else {
            uint16 next = agent.epoch + 1;
            uint256 forger = anotherNumber(index, pick);
            bytes memory possession = signEpoch(keyAt(STRANGER), agent.id, next, key);
            bytes memory authority = signEpoch(keyAt(forger), agent.id, next, key);
            vm.expectRevert(notAuthorised(agent.id, _addresses[forger]));
            log.startEpoch(agent.id, next, key, possession, authority);
        }
        ++refused;
    }

    function expectedState(uint256 index) public view returns (bytes32) {
        Agent storage agent = _agents[index];
        return bytes32(uint256(agent.head) << 64 | uint256(agent.epoch) << 48 | agent.next);
    }

    /// @dev Counts what was accepted, from the leaves themselves.
    function leafCount(uint256 index) external view returns (uint256) {
        return _agents[index].leaves.length;
    }

    function stateOf(uint256 index) external view returns (bytes32) {
        return log.stateOf(_agents[index].id);
    }

    function keyOf(uint256 index) public view returns (address) {
        return _addresses[presentNumber(index)];
    }

    /// @dev Makes a commit one that must be left out.
    function wrong(IDecisionLog.Commit memory commit_, uint256 index, uint256 pick) private view {
        if (pick % 4 == 0) {
            uint64 count = uint64(commit_.leaves.length);
            bytes32 root = count > 0 ? ReferenceTree.root(commit_.leaves) : commit_.root;
            bool leaves = count > 0;
            if (!leaves) count = commit_.count;
            uint256 key = keyAt(anotherNumber(index, pick));
            commit_.signature = signCommit(key, commit_.agent, commit_.state, count, root, leaves);
        } else if (pick % 4 == 1) {
            commit_.agent = _agents[(index + 1) % AGENTS].id;
        } else if (pick % 4 == 2) {
            commit_.state = keccak256(abi.encode(commit_.state));
        } else {
            commit_.signature = hex"1234";
        }
    }

    /// @dev A key that is not the agent's now: a stranger's, another agent's, or one of its own that is retired.
    function anotherNumber(uint256 index, uint256 pick) private view returns (uint256 number) {
        uint256[] storage keys = _agents[index].keys;
        number = STRANGER;
        if (pick % 3 == 0) number = keys[pick % keys.length];
        else if (pick % 3 == 1) number = presentNumber((index + 1) % AGENTS);
        if (number == presentNumber(index)) number = STRANGER;
    }

    function presentNumber(uint256 index) private view returns (uint256) {
        uint256[] storage keys = _agents[index].keys;
        return keys[keys.length - 1];
    }

    function presentKey(uint256 index) private view returns (uint256) {
        return keyAt(presentNumber(index));
    }

    function agentAt(uint256 who) private view returns (Agent storage) {
        return _agents[who % AGENTS];
    }

    function remember(uint256 index, bytes32[] memory leaves) private {
        Agent storage agent = _agents[index];
        agent.past.push(expectedState(index));
        agent.head = headAfter(agent.head, ReferenceTree.root(leaves), agent.next, uint64(leaves.length));
        agent.next += uint64(leaves.length);
        for (uint256 i = 0; i < leaves.length; ++i) {
            agent.leaves.push(leaves[i]);
        }
        ++accepted;
    }
}
