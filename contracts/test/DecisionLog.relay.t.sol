// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IDecisionLog} from "../src/interfaces/IDecisionLog.sol";
import {LogTest} from "./LogTest.sol";
import {ReferenceTree} from "./ReferenceTree.sol";

/// @dev The sender is a relay throughout: it holds no agent's key.
contract DecisionLogRelayTest is LogTest {
    address private immutable agent = addressAt(1);
    address private immutable other = addressAt(2);

    function test_commitMany_takesBatchesOfManyAgents() public {
        IDecisionLog.Commit[] memory commits = new IDecisionLog.Commit[](2);
        bytes32[] memory leaves = leavesFrom(1, 3);
        commits[0] = relayed(keyAt(1), agent, 0, leaves);
        commits[1] = relayedRoot(keyAt(2), other, 0, 7, keccak256("root"));
        bytes32 root = ReferenceTree.root(leaves);
        vm.expectEmit();
        emit IDecisionLog.BatchCommitted(agent, 0, 3, root, headAfter(0, root, 0, 3));
        vm.expectEmit();
        emit IDecisionLog.BatchCommitted(
            other, 0, 7, keccak256("root"), headAfter(0, keccak256("root"), 0, 7)
        );
        vm.assertEq(log.commitMany(commits), 2);
        vm.assertEq(sequenceOf(agent), 3);
        vm.assertEq(sequenceOf(other), 7);
    }

    function test_commitMany_takesSeveralOfOneAgentThatFollowEachOther() public {
        IDecisionLog.Commit[] memory commits = new IDecisionLog.Commit[](2);
        bytes32[] memory first = leavesFrom(1, 3);
        bytes32[] memory second = leavesFrom(2, 5);
        uint192 head = headAfter(0, ReferenceTree.root(first), 0, 3);
        commits[0] = relayed(keyAt(1), agent, 0, first);
        commits[1] = relayed(keyAt(1), agent, bytes32(uint256(head) << 64 | 3), second);
        vm.assertEq(log.commitMany(commits), 2);
        (uint192 after_, uint64 next,) = log.headOf(agent);
        vm.assertEq(after_, headAfter(head, ReferenceTree.root(second), 3, 5));
        vm.assertEq(next, 8);
    }

    function test_commitMany_equalsTheAgentsOwnCommits() public {
        bytes32[] memory leaves = leavesFrom(1, 6);
        uint256 before = uint256(vm.load(address(log), 0));
        log.commitMany(one(relayed(keyAt(1), agent, 0, leaves)));
        vm.prank(other);
        log.commit(other, 0, leaves);
        vm.assertEq(log.stateOf(agent), log.stateOf(other));
        vm.assertEq(uint256(vm.load(address(log), 0)), before);
    }

    function test_commitMany_leavesOutWhatCannotBeTakenAndTakesTheRest() public {
        IDecisionLog.Commit[] memory commits = new IDecisionLog.Commit[](8);
        bytes32[] memory leaves = leavesFrom(1, 2);
        commits[0] = relayed(keyAt(1), agent, bytes32(uint256(1)), leaves);
        commits[1] = relayed(keyAt(2), agent, 0, leaves);
        commits[2] = relayedRoot(keyAt(1), agent, 0, 0, keccak256("empty"));
        commits[3] = relayedRoot(keyAt(1), agent, 0, 2 ** 20 + 1, keccak256("too many"));
        commits[4] = relayed(keyAt(1), agent, 0, leaves);
        commits[4].signature = hex"00";
        commits[5] = relayed(keyAt(1), agent, 0, leaves);
        commits[5].signature = "";
        commits[6] = IDecisionLog.Commit(address(0), 0, 1, keccak256("zero"), new bytes32[](0), hex"00");
        commits[7] = relayed(keyAt(2), other, 0, leaves);
        for (uint256 i = 0; i < 7; ++i) {
            vm.expectEmit();
            emit IDecisionLog.CommitSkipped(commits[i].agent, commits[i].state);
        }
        vm.assertEq(log.commitMany(commits), 1);
        vm.assertEq(log.stateOf(agent), 0);
        vm.assertEq(log.stateOf(address(0)), 0);
        vm.assertEq(sequenceOf(other), 2);
    }

    function test_commitMany_takesTheSendersOwnBatchesWithoutASignature() public {
        IDecisionLog.Commit[] memory commits = new IDecisionLog.Commit[](2);
        commits[0] = relayed(keyAt(1), agent, 0, leavesFrom(1, 2));
        commits[0].signature = "";
        commits[1] = relayed(keyAt(2), other, 0, leavesFrom(1, 2));
        vm.prank(agent);
        vm.assertEq(log.commitMany(commits), 2);
    }

    function test_commitMany_takesNoBatchTwice() public {
        IDecisionLog.Commit[] memory commits = new IDecisionLog.Commit[](2);
        commits[0] = relayed(keyAt(1), agent, 0, leavesFrom(1, 2));
        commits[1] = commits[0];
        vm.assertEq(log.commitMany(commits), 1);
        vm.assertEq(log.commitMany(commits), 0);
        vm.assertEq(sequenceOf(agent), 2);
    }

    function test_commitMany_doesNotLetARelayLeaveTheLeavesOut() public {
        bytes32[] memory leaves = leavesFrom(1, 4);
        IDecisionLog.Commit memory commit = relayed(keyAt(1), agent, 0, leaves);
        (commit.count, commit.root, commit.leaves) = (4, ReferenceTree.root(leaves), new bytes32[](0));
        vm.assertEq(log.commitMany(one(commit)), 0);
    }

    function test_commitMany_doesNotLetARelayAddTheLeaves() public {
        bytes32[] memory leaves = leavesFrom(1, 4);
        IDecisionLog.Commit memory commit = relayedRoot(keyAt(1), agent, 0, 4, ReferenceTree.root(leaves));
        commit.leaves = leaves;
        vm.assertEq(log.commitMany(one(commit)), 0);
    }

    function test_commitMany_doesNotReadCountAndRootBesideLeaves() public {
        bytes32[] memory leaves = leavesFrom(1, 4);
        IDecisionLog.Commit memory commit = relayed(keyAt(1), agent, 0, leaves);
        (commit.count, commit.root) = (type(uint64).max, keccak256("another"));
        vm.expectEmit();
        bytes32 root = ReferenceTree.root(leaves);
        emit IDecisionLog.BatchCommitted(agent, 0, 4, root, headAfter(0, root, 0, 4));
        vm.assertEq(log.commitMany(one(commit)), 1);
    }

    /// @dev The other half of the curve gives a second signature of the same message (EIP-2).
    function test_commitMany_refusesTheOtherHalfOfASignature() public {
        bytes32[] memory leaves = leavesFrom(1, 4);
        IDecisionLog.Commit memory commit = relayed(keyAt(1), agent, 0, leaves);
        commit.signature = otherHalf(commit.signature);
        vm.assertEq(log.commitMany(one(commit)), 0);
    }

    function test_commitMany_refusesASignatureForAnotherChain() public {
        IDecisionLog.Commit memory commit = relayed(keyAt(1), agent, 0, leavesFrom(1, 4));
        vm.chainId(block.chainid + 1);
        vm.assertEq(log.commitMany(one(commit)), 0);
    }

    function test_commitMany_takesNothingOfNothing() public {
        vm.assertEq(log.commitMany(new IDecisionLog.Commit[](0)), 0);
    }

    function testFuzz_commitMany_refusesAnyOtherSignature(bytes memory signature) public {
        IDecisionLog.Commit memory commit = relayed(keyAt(1), agent, 0, leavesFrom(1, 3));
        if (keccak256(signature) == keccak256(commit.signature)) return;
        commit.signature = signature;
        vm.assertEq(log.commitMany(one(commit)), 0);
        vm.assertEq(log.stateOf(agent), 0);
    }

    function testFuzz_commitMany_refusesAnyChangedBatch(uint8 field, uint256 change) public {
        IDecisionLog.Commit memory commit = relayedRoot(keyAt(1), agent, 0, 9, keccak256("root"));
        if (field % 4 == 0) commit.count = uint64(within(change, 10, type(uint64).max));
        else if (field % 4 == 1) commit.root = keccak256(abi.encode(change));
        else if (field % 4 == 2) commit.agent = other;
        else commit.state = keccak256(abi.encode(change));
        vm.assertEq(log.commitMany(one(commit)), 0);
    }

    function otherHalf(bytes memory signature) private pure returns (bytes memory) {
        (bytes32 r, bytes32 s) = abi.decode(slice(signature, 64), (bytes32, bytes32));
        uint256 order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
        return abi.encodePacked(r, order - uint256(s), signature[64] == 0x1b ? bytes1(0x1c) : bytes1(0x1b));
    }

    function slice(bytes memory data, uint256 length) private pure returns (bytes memory part) {
        part = new bytes(length);
        for (uint256 i = 0; i < length; ++i) {
            part[i] = data[i];
        }
    }
}
