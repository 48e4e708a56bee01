// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IDecisionLog} from "../src/interfaces/IDecisionLog.sol";
import {LogTest} from "./LogTest.sol";
import {ReferenceTree} from "./ReferenceTree.sol";

/// @dev The agent is this contract: it commits three batches, of 5, 4 and 1 decisions.
contract DecisionLogProofTest is LogTest {
    uint64[3] private counts = [5, 4, 1];

    function setUp() public {
        for (uint256 i = 0; i < counts.length; ++i) {
            log.commit(address(this), log.stateOf(address(this)), leavesFrom(i, counts[i]));
        }
    }

    function test_verifyAnchored_acceptsEveryDecisionAtItsSequence() public view {
        uint64 sequence = 0;
        for (uint256 batch = 0; batch < 3; ++batch) {
            for (uint256 index = 0; index < counts[batch]; ++index) {
                bytes32 leaf = leavesFrom(batch, counts[batch])[index];
                vm.assertTrue(log.verifyAnchored(address(this), sequence, leaf, anchorOf(batch, index)));
                for (uint64 other = 0; other < 12; ++other) {
                    if (other == sequence) continue;
                    vm.assertFalse(log.verifyAnchored(address(this), other, leaf, anchorOf(batch, index)));
                }
                ++sequence;
            }
        }
    }

    function test_verifyAnchored_holdsAfterALaterEpoch() public {
        log.startEpoch(address(this), 1, address(this), "", "");
        vm.assertTrue(log.verifyAnchored(address(this), 0, leavesFrom(0, 5)[0], anchorOf(0, 0)));
    }

    function test_verifyAnchored_needsEveryLaterBatch() public {
        IDecisionLog.Anchor memory anchor = anchorOf(0, 0);
        bytes32 leaf = leavesFrom(0, 5)[0];
        IDecisionLog.Batch[] memory later = anchor.later;
        anchor.later = new IDecisionLog.Batch[](1);
        anchor.later[0] = later[0];
        vm.assertFalse(log.verifyAnchored(address(this), 0, leaf, anchor));
        anchor.later = new IDecisionLog.Batch[](0);
        vm.assertFalse(log.verifyAnchored(address(this), 0, leaf, anchor));
        anchor.later = later;
        vm.assertTrue(log.verifyAnchored(address(this), 0, leaf, anchor));
        log.commitRoot(address(this), log.stateOf(address(this)), 3, keccak256("later"));
        vm.assertFalse(log.verifyAnchored(address(this), 0, leaf, anchor));
    }

    function test_verifyAnchored_rejectsWhatIsNotSo() public view {
        bytes32 leaf = leavesFrom(1, 4)[2];
        vm.assertTrue(log.verifyAnchored(address(this), 7, leaf, anchorOf(1, 2)));
        vm.assertFalse(log.verifyAnchored(address(1), 7, leaf, anchorOf(1, 2)));
        vm.assertFalse(log.verifyAnchored(address(this), 7, keccak256("leaf"), anchorOf(1, 2)));
        for (uint256 field = 0; field < 7; ++field) {
            IDecisionLog.Anchor memory anchor = anchorOf(1, 2);
            if (field == 0) anchor.headBefore ^= 1;
            else if (field == 1) anchor.count += 1;
            else if (field == 2) anchor.root = keccak256("root");
            else if (field == 3) anchor.proof[0] = keccak256("sibling");
            else if (field == 4) anchor.later[0].count = type(uint64).max;
            else if (field == 5) anchor.later[0].root = keccak256("root");
            else (anchor.firstSequence, anchor.count) = (7, type(uint64).max);
            vm.assertFalse(log.verifyAnchored(address(this), 7, leaf, anchor));
        }
    }

    /// @dev Whoever has anchored nothing has the head 0, which no batch gives.
    function test_verifyAnchored_rejectsEverythingOfAnAgentWithoutBatches() public view {
        IDecisionLog.Anchor memory anchor =
            IDecisionLog.Anchor(0, 0, 1, keccak256("leaf"), new bytes32[](0), new IDecisionLog.Batch[](0));
        vm.assertFalse(log.verifyAnchored(address(1), 0, keccak256("leaf"), anchor));
    }

    function testFuzz_verifyAnchored_rejectsAnyOtherAnchor(
        uint64 sequence,
        bytes32 leaf,
        IDecisionLog.Anchor memory anchor
    ) public view {
        vm.assertFalse(log.verifyAnchored(address(this), sequence, leaf, anchor));
    }

    function test_verify_rejectsAPlaceBeyondTheBatch() public view {
        bytes32[] memory leaves = leavesFrom(1, 1);
        bytes32[] memory none = new bytes32[](0);
        vm.assertTrue(log.verify(leaves[0], 1, 0, leaves[0], none));
        vm.assertFalse(log.verify(leaves[0], 1, 1, leaves[0], none));
        vm.assertFalse(log.verify(leaves[0], 0, 0, leaves[0], none));
    }

    function test_verify_rejectsAProofOfAnotherLength() public view {
        bytes32[] memory leaves = leavesFrom(1, 5);
        bytes32 root = ReferenceTree.root(leaves);
        bytes32[] memory proof = ReferenceTree.proofOf(leaves, 4);
        vm.assertEq(proof.length, 1);
        vm.assertTrue(log.verify(root, 5, 4, leaves[4], proof));
        bytes32[] memory longer = new bytes32[](2);
        (longer[0], longer[1]) = (proof[0], proof[0]);
        vm.assertFalse(log.verify(root, 5, 4, leaves[4], longer));
        vm.assertFalse(log.verify(root, 5, 4, leaves[4], new bytes32[](0)));
    }

    function test_commitRoot_revertsIfBatchIsEmpty() public {
        bytes32 state = log.stateOf(address(this));
        vm.expectRevert(abi.encodeWithSelector(IDecisionLog.EmptyBatch.selector));
        log.commitRoot(address(this), state, 0, keccak256("root"));
    }

    function test_commitRoot_revertsForAnyoneButTheKey() public {
        vm.expectRevert(notAuthorised(address(1), address(this)));
        log.commitRoot(address(1), 0, 1, keccak256("root"));
    }

    function test_commitRoot_revertsIfTheStateHasMoved() public {
        bytes32 state = log.stateOf(address(this));
        vm.expectRevert(abi.encodeWithSelector(IDecisionLog.StateMoved.selector, state, bytes32(0)));
        log.commitRoot(address(this), 0, 1, keccak256("root"));
    }

    function test_commitRoot_revertsForMoreThanABatchMayHold() public {
        bytes32 state = log.stateOf(address(this));
        vm.expectRevert(
            abi.encodeWithSelector(IDecisionLog.TooManyDecisions.selector, uint64(10), uint64(2 ** 20 + 1))
        );
        log.commitRoot(address(this), state, 2 ** 20 + 1, keccak256("root"));
        log.commitRoot(address(this), state, 2 ** 20, keccak256("root"));
        vm.assertEq(sequenceOf(address(this)), 10 + 2 ** 20);
    }

    function test_commit_fillsTheSequenceToItsEnd() public {
        uint64 last = type(uint48).max;
        setState(address(this), bytes32(uint256(7) << 64 | last - 2));
        bytes32 state = log.stateOf(address(this));
        vm.expectRevert(abi.encodeWithSelector(IDecisionLog.TooManyDecisions.selector, last - 2, uint64(3)));
        log.commit(address(this), state, leavesFrom(1, 3));
        IDecisionLog.Commit memory tooMany =
            IDecisionLog.Commit(address(this), state, 3, keccak256("root"), new bytes32[](0), "");
        vm.assertEq(log.commitMany(one(tooMany)), 0);
        log.commit(address(this), state, leavesFrom(1, 2));
        vm.assertEq(sequenceOf(address(this)), last);
        vm.assertEq(epochOf(address(this)), 0);
        state = log.stateOf(address(this));
        vm.expectRevert(abi.encodeWithSelector(IDecisionLog.TooManyDecisions.selector, last, uint64(1)));
        log.commit(address(this), state, leavesFrom(1, 1));
    }

    function anchorOf(uint256 batch, uint256 index) private view returns (IDecisionLog.Anchor memory anchor) {
        for (uint256 i = 0; i < batch; ++i) {
            bytes32 root = ReferenceTree.root(leavesFrom(i, counts[i]));
            anchor.headBefore = headAfter(anchor.headBefore, root, anchor.firstSequence, counts[i]);
            anchor.firstSequence += counts[i];
        }
        bytes32[] memory leaves = leavesFrom(batch, counts[batch]);
        anchor.count = counts[batch];
        anchor.root = ReferenceTree.root(leaves);
        anchor.proof = ReferenceTree.proofOf(leaves, index);
        anchor.later = new IDecisionLog.Batch[](counts.length - batch - 1);
        for (uint256 i = batch + 1; i < counts.length; ++i) {
            bytes32 root = ReferenceTree.root(leavesFrom(i, counts[i]));
            anchor.later[i - batch - 1] = IDecisionLog.Batch(counts[i], root);
        }
    }
}
