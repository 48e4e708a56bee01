// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {DecisionLog} from "../src/DecisionLog.sol";
import {IDecisionLog} from "../src/interfaces/IDecisionLog.sol";
import {ReferenceTree} from "./ReferenceTree.sol";
import {Test} from "./Test.sol";

contract DecisionLogTest is Test {
    uint256 private constant MAX_LEAVES = 260;

    DecisionLog private log = new DecisionLog(address(0));

    function test_headOf_isZeroBeforeTheFirstBatch() public view {
        (uint192 head, uint64 nextSequence, uint16 epoch) = log.headOf(address(this));
        vm.assertEq(head, 0);
        vm.assertEq(nextSequence, 0);
        vm.assertEq(epoch, 0);
    }

    function test_commit_rootOfOneLeafIsTheLeaf() public {
        bytes32[] memory leaves = leavesFrom(1, 1);
        vm.assertEq(commit(leaves), leaves[0]);
    }

    function test_commit_rootDependsOnTheOrderWithinAPair() public {
        bytes32[] memory leaves = leavesFrom(1, 2);
        bytes32 root = commit(leaves);
        (leaves[0], leaves[1]) = (leaves[1], leaves[0]);
        vm.assertTrue(commit(leaves) != root);
    }

    function test_commit_emitsTheBatch() public {
        bytes32[] memory leaves = leavesFrom(7, 5);
        commit(leavesFrom(1, 3));
        (uint192 before,,) = log.headOf(address(this));
        bytes32 root = ReferenceTree.root(leaves);
        bytes32 state = log.stateOf(address(this));
        vm.expectEmit();
        emit IDecisionLog.BatchCommitted(address(this), 3, 5, root, headAfter(before, root, 3, 5));
        log.commit(address(this), state, leaves);
    }

    function test_commit_keepsHeadAndSequenceInOneSlot() public {
        commit(leavesFrom(1, 3));
        (uint192 head, uint64 nextSequence,) = log.headOf(address(this));
        bytes32 slot = vm.load(address(log), keccak256(abi.encode(address(this), uint256(2))));
        vm.assertEq(uint256(slot), uint256(head) << 64 | nextSequence);
        vm.assertEq(log.stateOf(address(this)), slot);
    }

    function test_commit_revertsIfBatchIsEmpty() public {
        vm.expectRevert(abi.encodeWithSelector(IDecisionLog.EmptyBatch.selector));
        log.commit(address(this), 0, new bytes32[](0));
    }

    function test_commit_revertsIfBatchIsRepeated() public {
        commit(leavesFrom(1, 4));
        bytes32 state = log.stateOf(address(this));
        vm.expectRevert(abi.encodeWithSelector(IDecisionLog.StateMoved.selector, state, bytes32(0)));
        log.commit(address(this), 0, leavesFrom(1, 4));
    }

    function test_commit_revertsForAnyoneButTheKey() public {
        vm.expectRevert(
            abi.encodeWithSelector(IDecisionLog.NotAuthorised.selector, address(0xA), address(this))
        );
        log.commit(address(0xA), 0, leavesFrom(1, 4));
    }

    function test_commit_takesADuplicateLeaf() public {
        bytes32[] memory leaves = new bytes32[](2);
        (leaves[0], leaves[1]) = (keccak256("same"), keccak256("same"));
        vm.assertEq(commit(leaves), ReferenceTree.root(leaves));
    }

    /// @dev Why leaves must be hashes of something else than 64 bytes, as `IDecisionLog` says.
    function test_verify_acceptsAnInnerNodeOfASmallerTree() public view {
        bytes32[] memory leaves = leavesFrom(1, 4);
        bytes32[] memory left = new bytes32[](2);
        (left[0], left[1]) = (leaves[0], leaves[1]);
        bytes32[] memory proof = new bytes32[](1);
        proof[0] = ReferenceTree.proofOf(leaves, 0)[1];
        vm.assertTrue(log.verify(ReferenceTree.root(leaves), 2, 0, ReferenceTree.root(left), proof));
    }

    function test_verify_rejectsAnotherPlace() public view {
        bytes32[] memory leaves = leavesFrom(1, 4);
        bytes32[] memory proof = ReferenceTree.proofOf(leaves, 2);
        bytes32 root = ReferenceTree.root(leaves);
        for (uint64 index = 0; index < 5; ++index) {
            vm.assertTrue(log.verify(root, 4, index, leaves[2], proof) == (index == 2));
        }
    }

    function testFuzz_commit_rootEqualsTheReference(uint256 seed, uint256 size) public {
        bytes32[] memory leaves = leavesFrom(seed, within(size, 1, MAX_LEAVES));
        vm.assertEq(commit(leaves), ReferenceTree.root(leaves));
    }

    function testFuzz_commit_rootOfAnyLeavesEqualsTheReference(bytes32[] memory leaves) public {
        if (leaves.length == 0) return;
        vm.assertEq(commit(leaves), ReferenceTree.root(leaves));
    }

    function testFuzz_commit_revertsIfTheStateHasMoved(uint8 committed, bytes32 given) public {
        if (committed > 0) commit(leavesFrom(1, committed));
        bytes32 state = log.stateOf(address(this));
        if (given == state) return;
        vm.expectRevert(abi.encodeWithSelector(IDecisionLog.StateMoved.selector, state, given));
        log.commit(address(this), given, leavesFrom(2, 1));
    }

    function testFuzz_commit_movesOnlyTheAgentsLog(address agent, address other, uint8 size) public {
        if (agent == other) return;
        vm.prank(other);
        log.commit(other, 0, leavesFrom(1, 2));
        bytes32 before = log.stateOf(other);

        uint64 count = uint64(within(size, 1, 20));
        vm.prank(agent);
        log.commit(agent, 0, leavesFrom(2, count));

        vm.assertEq(log.stateOf(other), before);
        (, uint64 nextSequence,) = log.headOf(agent);
        vm.assertEq(nextSequence, count);
    }

    function testFuzz_commit_headChainsBatches(uint256 seed, uint8 batches) public {
        uint192 expected = 0;
        uint64 first = 0;
        for (uint256 i = 0; i < within(batches, 1, 8); ++i) {
            uint64 count = uint64(within(seed >> (8 * i), 1, 12));
            bytes32 root = commit(leavesFrom(seed ^ i, count));
            expected = headAfter(expected, root, first, count);
            first += count;
            (uint192 head, uint64 nextSequence,) = log.headOf(address(this));
            vm.assertEq(head, expected);
            vm.assertEq(nextSequence, first);
        }
    }

    function testFuzz_commitRoot_equalsTheCommitOfItsLeaves(uint256 seed, uint8 size) public {
        bytes32[] memory leaves = leavesFrom(seed, within(size, 1, 40));
        commit(leaves);
        DecisionLog twin = new DecisionLog(address(0));
        twin.commitRoot(address(this), 0, uint64(leaves.length), ReferenceTree.root(leaves));
        vm.assertEq(twin.stateOf(address(this)), log.stateOf(address(this)));
    }

    function testFuzz_commit_headBindsEveryLeaf(uint256 seed, uint8 size, uint8 changed) public {
        uint256 count = within(size, 1, 40);
        bytes32[] memory leaves = leavesFrom(seed, count);
        commit(leaves);

        leaves[changed % count] = keccak256(abi.encode(leaves[changed % count]));
        DecisionLog twin = new DecisionLog(address(0));
        twin.commit(address(this), 0, leaves);
        vm.assertTrue(log.stateOf(address(this)) != twin.stateOf(address(this)));
    }

    function testFuzz_verify_acceptsExactlyTheLeavesOfTheTree(uint256 seed, uint256 size, uint256 index)
        public
    {
        uint64 count = uint64(within(size, 1, MAX_LEAVES));
        bytes32[] memory leaves = leavesFrom(seed, count);
        bytes32 root = commit(leaves);
        uint64 place = uint64(within(index, 0, count - 1));
        bytes32[] memory proof = ReferenceTree.proofOf(leaves, place);
        vm.assertTrue(log.verify(root, count, place, leaves[place], proof));
        vm.assertFalse(log.verify(root, count, place, keccak256(abi.encode(leaves[place])), proof));
        vm.assertFalse(log.verify(root, count, uint64((place + 1) % (count + 1)), leaves[place], proof));
        if (proof.length == 0) return;
        proof[seed % proof.length] = keccak256("no sibling");
        vm.assertFalse(log.verify(root, count, place, leaves[place], proof));
    }

    function commit(bytes32[] memory leaves) private returns (bytes32 root) {
        return log.commit(address(this), log.stateOf(address(this)), leaves);
    }

    function headAfter(uint192 head, bytes32 root, uint64 first, uint64 count)
        private
        pure
        returns (uint192)
    {
        return uint192(uint256(keccak256(abi.encode(head, root, first, count))));
    }
}
