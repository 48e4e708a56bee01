// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {DecisionLog} from "../src/DecisionLog.sol";
import {IDecisionLog} from "../src/interfaces/IDecisionLog.sol";
import {ReferenceTree} from "./ReferenceTree.sol";
import {Test} from "./Test.sol";

contract DecisionLogTest is Test {
    uint256 private constant MAX_LEAVES = 260;

    DecisionLog private log = new DecisionLog();

    function test_headOf_isZeroBeforeTheFirstBatch() public view {
        (uint192 head, uint64 nextSequence) = log.headOf(address(this));
        vm.assertEq(head, 0);
        vm.assertEq(nextSequence, 0);
    }

    function test_commit_rootOfOneLeafIsTheLeaf() public {
        bytes32[] memory leaves = leavesFrom(1, 1);
        vm.assertEq(log.commit(0, leaves), leaves[0]);
    }

    function test_commit_rootDoesNotDependOnTheOrderWithinAPair() public {
        bytes32[] memory leaves = leavesFrom(1, 2);
        bytes32 root = log.commit(0, leaves);
        (leaves[0], leaves[1]) = (leaves[1], leaves[0]);
        vm.assertEq(log.commit(2, leaves), root);
    }

    function test_commit_emitsTheBatch() public {
        bytes32[] memory leaves = leavesFrom(7, 5);
        log.commit(0, leavesFrom(1, 3));
        (uint192 before,) = log.headOf(address(this));
        bytes32 root = ReferenceTree.build(leaves)[0];
        vm.expectEmit();
        emit IDecisionLog.BatchCommitted(address(this), 3, 5, root, headAfter(before, root, 3, 5));
        log.commit(3, leaves);
    }

    function test_commit_keepsHeadAndSequenceInOneSlot() public {
        log.commit(0, leavesFrom(1, 3));
        (uint192 head, uint64 nextSequence) = log.headOf(address(this));
        bytes32 slot = vm.load(address(log), keccak256(abi.encode(address(this), uint256(0))));
        vm.assertEq(uint256(slot), uint256(head) << 64 | nextSequence);
    }

    function test_commit_revertsIfBatchIsEmpty() public {
        vm.expectRevert(abi.encodeWithSelector(IDecisionLog.EmptyBatch.selector));
        log.commit(0, new bytes32[](0));
    }

    function test_commit_revertsIfBatchIsRepeated() public {
        log.commit(0, leavesFrom(1, 4));
        vm.expectRevert(abi.encodeWithSelector(IDecisionLog.SequenceGap.selector, 4, 0));
        log.commit(0, leavesFrom(1, 4));
    }

    function test_commit_takesADuplicateLeaf() public {
        bytes32[] memory leaves = new bytes32[](2);
        (leaves[0], leaves[1]) = (keccak256("same"), keccak256("same"));
        vm.assertEq(log.commit(0, leaves), ReferenceTree.build(leaves)[0]);
    }

    /// @dev Why leaves must be hashes of something else than 64 bytes, as `IDecisionLog` says.
    function test_verify_acceptsAnInnerNode() public view {
        bytes32[] memory tree = ReferenceTree.build(leavesFrom(1, 4));
        bytes32[] memory proof = new bytes32[](1);
        proof[0] = tree[2];
        vm.assertTrue(log.verify(tree[0], tree[1], proof));
    }

    function test_verify_rejectsAnotherRoot() public view {
        bytes32[] memory tree = ReferenceTree.build(leavesFrom(1, 4));
        vm.assertFalse(log.verify(tree[2], tree[6], ReferenceTree.proofOf(tree, 0)));
    }

    function testFuzz_commit_rootEqualsTheReference(uint256 seed, uint256 size) public {
        bytes32[] memory leaves = leavesFrom(seed, within(size, 1, MAX_LEAVES));
        vm.assertEq(log.commit(0, leaves), ReferenceTree.build(leaves)[0]);
    }

    function testFuzz_commit_rootOfAnyLeavesEqualsTheReference(bytes32[] memory leaves) public {
        if (leaves.length == 0) return;
        vm.assertEq(log.commit(0, leaves), ReferenceTree.build(leaves)[0]);
    }

    function testFuzz_commit_revertsIfSequenceHasAGap(uint8 committed, uint64 given) public {
        if (committed > 0) log.commit(0, leavesFrom(1, committed));
        if (given == committed) ++given;
        vm.expectRevert(abi.encodeWithSelector(IDecisionLog.SequenceGap.selector, committed, given));
        log.commit(given, leavesFrom(2, 1));
    }

    function testFuzz_commit_movesOnlyTheSendersLog(address agent, address other, uint8 size) public {
        if (agent == other) return;
        vm.prank(other);
        log.commit(0, leavesFrom(1, 2));
        (uint192 headBefore, uint64 sequenceBefore) = log.headOf(other);

        uint64 count = uint64(within(size, 1, 20));
        vm.prank(agent);
        log.commit(0, leavesFrom(2, count));

        (uint192 head, uint64 nextSequence) = log.headOf(other);
        vm.assertEq(head, headBefore);
        vm.assertEq(nextSequence, sequenceBefore);
        (, nextSequence) = log.headOf(agent);
        vm.assertEq(nextSequence, count);
    }

    function testFuzz_commit_headChainsBatches(uint256 seed, uint8 batches) public {
        uint192 expected = 0;
        uint64 first = 0;
        for (uint256 i = 0; i < within(batches, 1, 8); ++i) {
            uint64 count = uint64(within(seed >> (8 * i), 1, 12));
            bytes32 root = log.commit(first, leavesFrom(seed ^ i, count));
            expected = headAfter(expected, root, first, count);
            first += count;
            (uint192 head, uint64 nextSequence) = log.headOf(address(this));
            vm.assertEq(head, expected);
            vm.assertEq(nextSequence, first);
        }
    }

    function testFuzz_commit_headBindsEveryLeaf(uint256 seed, uint8 size, uint8 changed) public {
        uint256 count = within(size, 1, 40);
        bytes32[] memory leaves = leavesFrom(seed, count);
        log.commit(0, leaves);
        (uint192 head,) = log.headOf(address(this));

        leaves[changed % count] = keccak256(abi.encode(leaves[changed % count]));
        DecisionLog twin = new DecisionLog();
        twin.commit(0, leaves);
        (uint192 otherHead,) = twin.headOf(address(this));
        vm.assertTrue(head != otherHead);
    }

    function testFuzz_verify_acceptsExactlyTheLeavesOfTheTree(uint256 seed, uint256 size, uint256 index)
        public
    {
        uint256 count = within(size, 1, MAX_LEAVES);
        bytes32[] memory leaves = leavesFrom(seed, count);
        bytes32 root = log.commit(0, leaves);
        bytes32[] memory tree = ReferenceTree.build(leaves);
        index %= count;
        bytes32[] memory proof = ReferenceTree.proofOf(tree, index);
        vm.assertTrue(log.verify(root, leaves[index], proof));
        vm.assertFalse(log.verify(root, keccak256(abi.encode(leaves[index])), proof));
        if (proof.length == 0) return;
        proof[seed % proof.length] = keccak256("no sibling");
        vm.assertFalse(log.verify(root, leaves[index], proof));
    }

    function headAfter(uint192 head, bytes32 root, uint64 first, uint64 count)
        private
        pure
        returns (uint192)
    {
        return uint192(uint256(keccak256(abi.encode(head, root, first, count))));
    }
}
