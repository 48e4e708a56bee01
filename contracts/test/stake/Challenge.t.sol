// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {DecisionLog} from "../../src/DecisionLog.sol";
import {IAgentStake} from "../../src/interfaces/IAgentStake.sol";
import {IChallenge} from "../../src/interfaces/IChallenge.sol";
import {IDecisionLog} from "../../src/interfaces/IDecisionLog.sol";
import {IPastHeads} from "../../src/interfaces/IPastHeads.sol";
import {DecisionRecord, SealedEnvelope} from "../../src/records/DecisionRecord.sol";
import {Challenge} from "../../src/stake/Challenge.sol";
import {ChallengeFixture} from "./ChallengeFixture.sol";
import {LinearVerifier} from "../verifier/LinearVerifier.sol";

contract ChallengeTest is ChallengeFixture {
    uint256 private constant SECRET = 0xA6E27;
    uint256 private constant NEXT_SECRET = 0x4E47;
    uint256 private constant OTHER_SECRET = 0x07E2;
    address private constant CHALLENGER = address(0xC4A1);

    address private agent = vm.addr(SECRET);
    address private otherAgent = vm.addr(OTHER_SECRET);

    function setUp() public {
        vm.warp(1_800_000_000);
        stakeFor(agent, SECRET, 1000);
        stakeFor(otherAgent, OTHER_SECRET, 1000);
    }

    function test_constructor_knowsTheOthers() public view {
        vm.assertEq(address(challenge.log()), address(log));
        vm.assertEq(address(challenge.verifier()), address(verifier));
        vm.assertEq(stake.challenge(), address(challenge));
        vm.assertEq(address(stake.log()), address(log));
        vm.assertEq(address(stake.token()), address(token));
    }

    function test_falseOutput_ofASignedRecord() public {
        DecisionRecord memory record = falseSignalOf(agent, 0, 1);
        bytes memory signature = signed(SECRET, record);
        vm.expectEmit();
        emit IAgentStake.StakeSlashed(agent, CHALLENGER, 1000, 500);
        vm.expectEmit();
        emit IChallenge.LieProved(
            agent, CHALLENGER, IChallenge.Lie.FalseOutput, 0, challenge.leafOf(record), 0, 1000
        );
        vm.prank(CHALLENGER);
        vm.assertEq(challenge.falseOutput(record, bySignature(signature)), 1000);
        assertLost(agent);
        vm.assertEq(stake.rewardOf(CHALLENGER), 500);
    }

    function test_falseOutput_ofARecordThatWasSignedWithOthers() public {
        for (uint64 count = 1; count <= 6; ++count) {
            for (uint64 index = 0; index < count; ++index) {
                DecisionRecord memory record = falseSignalOf(agent, 10 + index, count);
                bytes32[] memory leaves = leavesFrom(count, count);
                leaves[index] = challenge.leafOf(record);
                challenge.falseOutput(record, bySignature(signedTogether(SECRET, agent, 10, leaves, index)));
            }
        }
        assertLost(agent);
    }

    function test_falseOutput_revertsForAnotherBatch() public {
        DecisionRecord memory record = falseSignalOf(agent, 11, 1);
        bytes32[] memory leaves = leavesFrom(1, 5);
        leaves[1] = challenge.leafOf(record);
        bytes memory good = signedTogether(SECRET, agent, 10, leaves, 1);
        bytes[9] memory signatures = [
            // Of another key, agent, first sequence, place.
            signedTogether(OTHER_SECRET, agent, 10, leaves, 1),
            signedTogether(SECRET, otherAgent, 10, leaves, 1),
            signedTogether(SECRET, agent, 9, leaves, 1),
            signedTogether(SECRET, agent, 12, leaves, 1),
            signedTogether(SECRET, agent, 10, leaves, 2),
            // Longer, shorter, cut within a hash, without its numbers.
            abi.encodePacked(good, bytes32(0)),
            cut(good, good.length - 32),
            cut(good, good.length - 1),
            cut(good, 70)
        ];
        for (uint256 i = 0; i < signatures.length; ++i) {
            assertRefused(record, bySignature(signatures[i]), notAuthentic(record));
        }
        challenge.falseOutput(record, bySignature(good));
    }

    function cut(bytes memory whole, uint256 length) private pure returns (bytes memory part) {
        part = new bytes(length);
        for (uint256 i = 0; i < length; ++i) {
            part[i] = whole[i];
        }
    }

    function test_falseOutput_ofAnAnchoredRecord() public {
        DecisionRecord memory record = falseSignalOf(agent, 4, 1);
        bytes32[] memory leaves = leavesFrom(1, 5);
        leaves[1] = challenge.leafOf(record);
        commit(agent, leavesFrom(2, 3));
        commit(agent, leaves);
        commit(agent, leavesFrom(3, 2));
        commit(agent, leavesFrom(4, 1));
        challenge.falseOutput(record, byAnchor(agent, 4));
        assertLost(agent);
    }

    function test_falseOutput_ofAProbabilityAlone() public {
        DecisionRecord memory record = signalOf(agent, 0, 1);
        (int32 score, uint32 ppm) = verifier.score(MODEL, record.features);
        record.output = outputOf(score, ppm - 1);
        challenge.falseOutput(record, bySignature(signed(SECRET, record)));
        assertLost(agent);
    }

    function test_falseOutput_ofABatchWhoseRootAloneIsOnChain() public {
        DecisionRecord memory record = falseSignalOf(agent, 0, 1);
        bytes32 leaf = challenge.leafOf(record);
        vm.prank(agent);
        log.commitRoot(agent, 0, 1, leaf);
        IChallenge.Proof memory proof;
        proof.anchor.count = 1;
        proof.anchor.root = leaf;
        challenge.falseOutput(record, proof);
        assertLost(agent);
    }

    function test_falseOutput_revertsIfTheOutputIsTrue() public {
        DecisionRecord memory record = signalOf(agent, 0, 1);
        bytes memory signature = signed(SECRET, record);
        (int32 score, uint32 ppm) = verifier.score(MODEL, record.features);
        vm.expectRevert(abi.encodeWithSelector(IChallenge.OutputIsTrue.selector, score, ppm));
        challenge.falseOutput(record, bySignature(signature));
    }

    function test_falseOutput_revertsWithoutAPrediction() public {
        DecisionRecord memory record = falseSignalOf(agent, 0, 1);
        record.kind = 1;
        assertRefused(
            record,
            bySignature(signed(SECRET, record)),
            abi.encodeWithSelector(IChallenge.NoPrediction.selector, 1)
        );
        record.kind = 0;
        record.output = abi.encode(int8(1), uint32(1), uint32(2), uint64(3), false, int32(0), uint32(0));
        assertRefused(
            record,
            bySignature(signed(SECRET, record)),
            abi.encodeWithSelector(IChallenge.NoPrediction.selector, 0)
        );
    }

    function test_falseOutput_revertsForAModelThatIsNotCompiled() public {
        DecisionRecord memory record = falseSignalOf(agent, 0, 1);
        record.model = keccak256("unpublished");
        IChallenge.Proof memory proof = bySignature(signed(SECRET, record));
        assertRefused(
            record, proof, abi.encodeWithSelector(LinearVerifier.UnknownModel.selector, record.model)
        );
        verifier.compile(record.model);
        challenge.falseOutput(record, proof);
        assertLost(agent);
    }

    function test_falseOutput_revertsForAnotherSignature() public {
        DecisionRecord memory record = falseSignalOf(agent, 0, 1);
        bytes[4] memory signatures = [
            signed(OTHER_SECRET, record),
            signed(SECRET, signalOf(agent, 0, 1)),
            signed(SECRET, falseSignalOf(agent, 1, 1)),
            bytes(hex"00")
        ];
        for (uint256 i = 0; i < signatures.length; ++i) {
            assertRefused(record, bySignature(signatures[i]), notAuthentic(record));
        }
        // A signature that is none recovers to the zero address.
        record.agent = address(0);
        assertRefused(record, bySignature(hex"00"), notAuthentic(record));
    }

    function test_falseOutput_revertsForAnotherAnchor() public {
        DecisionRecord memory record = falseSignalOf(agent, 1, 1);
        bytes32[] memory leaves = leavesFrom(1, 4);
        leaves[1] = challenge.leafOf(record);
        commit(agent, leaves);
        commit(otherAgent, leaves);
        IChallenge.Proof memory present = byAnchor(agent, 1);
        commit(agent, leavesFrom(2, 1));

        // As it was before the last batch, of another place, of another decision, and of nothing.
        assertRefused(record, present, notAuthentic(record));
        assertRefused(record, byAnchor(agent, 2), notAuthentic(record));
        assertRefused(record, bySignature(""), notAuthentic(record));
        record.sequence = 2;
        assertRefused(record, byAnchor(agent, 2), notAuthentic(record));
        // The leaf of one agent in another's log names the first still.
        record.sequence = 1;
        record.agent = otherAgent;
        assertRefused(record, byAnchor(otherAgent, 1), notAuthentic(record));
        record.agent = agent;
        challenge.falseOutput(record, byAnchor(agent, 1));
        assertLost(agent);
    }

    function test_retiredKey_provesNothingAlone() public {
        DecisionRecord memory record = falseSignalOf(agent, 0, 1);
        DecisionRecord memory other = falseSignalOf(agent, 0, 2);
        bytes memory signature = signed(SECRET, record);
        bytes memory otherSignature = signed(SECRET, other);
        rotate(agent, SECRET, NEXT_SECRET);
        commitOne(agent, keccak256("honest"));
        IDecisionLog.Anchor memory anchor = anchorOf(agent, 0);

        assertRefused(record, bySignature(signature), notAuthentic(record));
        vm.expectRevert(notAuthentic(record));
        challenge.equivocation(record, signature, other, otherSignature);
        // Nor beside the present key's.
        bytes memory presentSignature = signed(NEXT_SECRET, record);
        vm.expectRevert(notAuthentic(other));
        challenge.equivocation(record, presentSignature, other, otherSignature);
        vm.expectRevert(notAuthentic(record));
        challenge.revealMismatch(record, signature, keccak256("honest"), anchor);
    }

    function test_retiredKey_doesNotHideWhatItAnchored() public {
        DecisionRecord memory record = falseSignalOf(agent, 0, 1);
        commitOne(agent, challenge.leafOf(record));
        rotate(agent, SECRET, NEXT_SECRET);
        challenge.falseOutput(record, byAnchor(agent, 0));
        assertLost(agent);
    }

    function test_retiredKey_isReplacedByThePresentOne() public {
        rotate(agent, SECRET, NEXT_SECRET);
        DecisionRecord memory record = falseSignalOf(agent, 0, 1);
        challenge.falseOutput(record, bySignature(signed(NEXT_SECRET, record)));
        assertLost(agent);
    }

    function test_equivocation_ofTwoSignedRecords() public {
        (DecisionRecord memory record, DecisionRecord memory other) =
            (signalOf(agent, 3, 1), signalOf(agent, 3, 2));
        (bytes memory signature, bytes memory otherSignature) =
            (signed(SECRET, record), signed(SECRET, other));
        (bytes32 leaf, bytes32 otherLeaf) = (challenge.leafOf(record), challenge.leafOf(other));
        vm.expectEmit();
        emit IChallenge.LieProved(agent, CHALLENGER, IChallenge.Lie.Equivocation, 3, leaf, otherLeaf, 1000);
        vm.prank(CHALLENGER);
        challenge.equivocation(record, signature, other, otherSignature);
        assertLost(agent);

        // The other way round it is the same lie.
        vm.expectRevert(abi.encodeWithSelector(IChallenge.ProvedBefore.selector, otherLeaf, leaf));
        challenge.equivocation(other, otherSignature, record, signature);
    }

    function test_equivocation_revertsForOneDecision() public {
        DecisionRecord memory record = signalOf(agent, 3, 1);
        bytes memory signature = signed(SECRET, record);
        bytes32 leaf = challenge.leafOf(record);
        vm.expectRevert(abi.encodeWithSelector(IChallenge.StatementsAgree.selector, leaf));
        challenge.equivocation(record, signature, record, signature);
    }

    function test_equivocation_revertsForDecisionsOfDifferentPlacesOrAgents() public {
        DecisionRecord memory record = signalOf(agent, 3, 1);
        DecisionRecord[2] memory others = [signalOf(agent, 4, 1), signalOf(otherAgent, 3, 1)];
        bytes memory signature = signed(SECRET, record);
        for (uint256 i = 0; i < others.length; ++i) {
            bytes memory otherSignature = signed(i == 0 ? SECRET : OTHER_SECRET, others[i]);
            vm.expectRevert(IChallenge.DifferentDecisions.selector);
            challenge.equivocation(record, signature, others[i], otherSignature);
        }
    }

    function test_equivocation_revertsIfAnotherSignedOne() public {
        (DecisionRecord memory record, DecisionRecord memory other) =
            (signalOf(agent, 3, 1), signalOf(agent, 3, 2));
        (bytes memory signature, bytes memory otherSignature) =
            (signed(SECRET, record), signed(OTHER_SECRET, other));
        vm.expectRevert(notAuthentic(other));
        challenge.equivocation(record, signature, other, otherSignature);
        vm.expectRevert(notAuthentic(other));
        challenge.equivocation(other, otherSignature, record, signature);
    }

    function test_revealMismatch_ofASignedRecord() public {
        DecisionRecord memory record = signalOf(agent, 1, 1);
        commit(agent, leavesFrom(9, 3));
        bytes32 anchored = leavesFrom(9, 3)[1];
        vm.expectEmit();
        emit IChallenge.LieProved(
            agent, CHALLENGER, IChallenge.Lie.RevealMismatch, 1, challenge.leafOf(record), anchored, 1000
        );
        bytes memory signature = signed(SECRET, record);
        vm.prank(CHALLENGER);
        challenge.revealMismatch(record, signature, anchored, anchorOf(agent, 1));
        assertLost(agent);
    }

    function test_revealMismatch_revertsIfTheyAgree() public {
        DecisionRecord memory record = signalOf(agent, 0, 1);
        bytes32 leaf = challenge.leafOf(record);
        bytes memory signature = signed(SECRET, record);
        commitOne(agent, leaf);
        vm.expectRevert(abi.encodeWithSelector(IChallenge.StatementsAgree.selector, leaf));
        challenge.revealMismatch(record, signature, leaf, anchorOf(agent, 0));
    }

    function test_revealMismatch_revertsIfTheLeafIsAnchoredElsewhere() public {
        DecisionRecord memory record = signalOf(agent, 0, 1);
        bytes memory signature = signed(SECRET, record);
        bytes32[] memory leaves = leavesFrom(9, 3);
        leaves[0] = challenge.leafOf(record);
        commit(agent, leaves);
        IDecisionLog.Anchor memory anchor = anchorOf(agent, 1);
        vm.expectRevert(abi.encodeWithSelector(IChallenge.NotAuthentic.selector, agent, uint64(0), leaves[1]));
        challenge.revealMismatch(record, signature, leaves[1], anchor);
    }

    function test_sealedMismatch_ofAnEnvelope() public {
        SealedEnvelope memory envelope = envelopeOf(agent, 2, keccak256("promised"));
        commit(agent, leavesFrom(9, 3));
        bytes memory signature = signed(SECRET, envelope);
        challenge.sealedMismatch(envelope, signature, leavesFrom(9, 3)[2], anchorOf(agent, 2));
        assertLost(agent);
    }

    function test_sealedMismatch_revertsIfTheEnvelopeIsKept() public {
        bytes32 leaf = keccak256("promised");
        SealedEnvelope memory envelope = envelopeOf(agent, 0, leaf);
        commitOne(agent, leaf);
        bytes memory signature = signed(SECRET, envelope);
        vm.expectRevert(abi.encodeWithSelector(IChallenge.StatementsAgree.selector, leaf));
        challenge.sealedMismatch(envelope, signature, leaf, anchorOf(agent, 0));
    }

    function test_sealedMismatch_revertsIfAnotherSignedTheEnvelope() public {
        bytes32 leaf = keccak256("anchored");
        SealedEnvelope memory envelope = envelopeOf(agent, 0, keccak256("promised"));
        commitOne(agent, leaf);
        IDecisionLog.Anchor memory anchor = anchorOf(agent, 0);
        bytes memory signature = signed(OTHER_SECRET, envelope);
        vm.expectPartialRevert(IChallenge.NotAuthentic.selector);
        challenge.sealedMismatch(envelope, signature, leaf, anchor);
        // What was signed for another sequence.
        signature = signed(SECRET, envelopeOf(agent, 1, keccak256("promised")));
        vm.expectPartialRevert(IChallenge.NotAuthentic.selector);
        challenge.sealedMismatch(envelope, signature, leaf, anchor);
    }

    function test_lie_isProvedOnce() public {
        DecisionRecord memory record = falseSignalOf(agent, 0, 1);
        IChallenge.Proof memory proof = bySignature(signed(SECRET, record));
        challenge.falseOutput(record, proof);
        assertRefused(
            record,
            proof,
            abi.encodeWithSelector(IChallenge.ProvedBefore.selector, challenge.leafOf(record), bytes32(0))
        );
        // Another lie is told apart, though there is nothing left to lose.
        record = falseSignalOf(agent, 1, 1);
        vm.assertEq(challenge.falseOutput(record, bySignature(signed(SECRET, record))), 0);
    }

    function test_lie_isProvedWhileStakeWaitsAndAfter() public {
        DecisionRecord memory record = falseSignalOf(agent, 0, 1);
        commitOne(agent, challenge.leafOf(record));
        vm.prank(STAKE_OWNER);
        stake.startUnbonding(agent, 1000);
        vm.warp(block.timestamp + UNBONDING);
        vm.assertEq(challenge.falseOutput(record, byAnchor(agent, 0)), 1000);
        assertLost(agent);
    }

    function test_lie_ofAnAgentWithoutStakeMarksIt() public {
        uint256 secret = 0x57A6;
        DecisionRecord memory record = falseSignalOf(vm.addr(secret), 0, 1);
        vm.assertEq(challenge.falseOutput(record, bySignature(signed(secret, record))), 0);
        assertLost(vm.addr(secret));
    }

    function test_lie_inAnotherLogIsNone() public {
        DecisionRecord memory record = falseSignalOf(agent, 0, 1);
        Challenge elsewhere = new Challenge(log, verifier.asVerifier(), token, WINDOW, UNBONDING, SHARE);
        vm.assertEq(elsewhere.leafOf(record), challenge.leafOf(record));
        elsewhere = new Challenge(
            IDecisionLog(address(this)), verifier.asVerifier(), token, WINDOW, UNBONDING, SHARE
        );
        vm.assertTrue(elsewhere.leafOf(record) != challenge.leafOf(record));
    }

    function test_rememberHead_walksBackInSteps() public {
        DecisionRecord memory record = falseSignalOf(agent, 0, 1);
        commitOne(agent, challenge.leafOf(record));
        for (uint256 i = 0; i < 6; ++i) {
            commit(agent, leavesFrom(i, i + 1));
        }
        IChallenge.Proof memory proof = byAnchor(agent, 0);
        IDecisionLog.Batch[] memory later = proof.anchor.later;

        // The last three batches, then the two before them; the proof needs the first alone.
        vm.expectEmit();
        emit IPastHeads.HeadRemembered(agent, anchorOf(agent, 7).headBefore);
        challenge.rememberHead(agent, anchorOf(agent, 7).headBefore, 7, slice(later, 3, 6));
        challenge.rememberHead(agent, anchorOf(agent, 2).headBefore, 2, slice(later, 1, 3));
        proof.anchor.later = slice(later, 0, 1);
        vm.assertTrue(challenge.isAnchored(agent, 0, challenge.leafOf(record), proof.anchor));

        // What comes later takes nothing from it.
        commit(agent, leavesFrom(9, 2));
        challenge.falseOutput(record, proof);
        assertLost(agent);
    }

    function test_rememberHead_takesThePresentHead() public {
        DecisionRecord memory record = falseSignalOf(agent, 0, 1);
        commitOne(agent, challenge.leafOf(record));
        IChallenge.Proof memory proof = byAnchor(agent, 0);
        (uint192 head,,) = log.headOf(agent);
        challenge.rememberHead(agent, head, 1, new IDecisionLog.Batch[](0));
        commit(agent, leavesFrom(9, 2));
        vm.assertTrue(challenge.isKnownHead(agent, head));
        vm.assertFalse(challenge.isKnownHead(otherAgent, head));
        challenge.falseOutput(record, proof);
        assertLost(agent);
    }

    function test_rememberHead_revertsForAHeadThatTheLogNeverHad() public {
        commit(agent, leavesFrom(1, 2));
        commit(agent, leavesFrom(2, 3));
        IDecisionLog.Anchor memory anchor = anchorOf(agent, 0);
        uint192 middle = anchorOf(agent, 2).headBefore;
        IDecisionLog.Batch[] memory none = new IDecisionLog.Batch[](0);
        IDecisionLog.Batch[] memory changed = slice(anchor.later, 0, 1);
        ++changed[0].count;

        expectUnrelated(agent, middle, 2, none);
        expectUnrelated(agent, middle ^ 1, 2, anchor.later);
        expectUnrelated(agent, middle, 1, anchor.later);
        expectUnrelated(agent, middle, 2, changed);
        expectUnrelated(otherAgent, middle, 2, anchor.later);
        challenge.rememberHead(agent, middle, 2, anchor.later);
        // Known of one agent, it is not known of another.
        expectUnrelated(otherAgent, middle, 2, none);
    }

    function expectUnrelated(
        address of_agent,
        uint192 head,
        uint64 nextSequence,
        IDecisionLog.Batch[] memory later
    ) private {
        vm.expectRevert(abi.encodeWithSelector(IPastHeads.UnrelatedHead.selector, of_agent, head));
        challenge.rememberHead(of_agent, head, nextSequence, later);
    }

    function slice(IDecisionLog.Batch[] memory batches, uint256 from, uint256 to)
        private
        pure
        returns (IDecisionLog.Batch[] memory part)
    {
        part = new IDecisionLog.Batch[](to - from);
        for (uint256 i = from; i < to; ++i) {
            part[i - from] = IDecisionLog.Batch(batches[i].count, batches[i].root);
        }
    }

    function assertLost(address liar) private view {
        (uint256 staked, uint256 unbonding,) = stake.stakeOf(liar);
        vm.assertEq(staked + unbonding, 0);
        vm.assertTrue(stake.isMarked(liar));
    }

    function assertRefused(
        DecisionRecord memory record,
        IChallenge.Proof memory proof,
        bytes memory revertData
    ) private {
        vm.expectRevert(revertData);
        challenge.falseOutput(record, proof);
    }

    function notAuthentic(DecisionRecord memory record) private view returns (bytes memory) {
        return abi.encodeWithSelector(
            IChallenge.NotAuthentic.selector, record.agent, record.sequence, challenge.leafOf(record)
        );
    }
}
