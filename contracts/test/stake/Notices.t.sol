// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IChallenge} from "../../src/interfaces/IChallenge.sol";
import {IDecisionLog} from "../../src/interfaces/IDecisionLog.sol";
import {INotices} from "../../src/interfaces/INotices.sol";
import {DecisionRecord, SealedEnvelope} from "../../src/records/DecisionRecord.sol";
import {ChallengeFixture} from "./ChallengeFixture.sol";

/// @dev A liar that changes its key, and an honest agent whose retired key leaks.
contract NoticesTest is ChallengeFixture {
    uint256 private constant SECRET = 0xA6E27;
    uint256 private constant NEXT_SECRET = 0x4E47;
    uint256 private constant LAST_SECRET = 0x1A57;
    bytes32 private constant SALT = keccak256("salt");

    address private agent = vm.addr(SECRET);

    function setUp() public {
        vm.warp(1_800_000_000);
        stakeFor(agent, SECRET, 1000);
    }

    function test_notice_keepsAFalseOutputFromAChangeOfKeys() public {
        DecisionRecord memory record = falseSignalOf(agent, 0, 1);
        bytes memory signature = signed(SECRET, record);
        bytes32 leaf = challenge.leafOf(record);
        bytes32 commitment = challenge.commitmentOf(agent, 0, leaf, signature, SALT);
        vm.expectEmit();
        emit INotices.NoticeGiven(commitment);
        challenge.giveNotice(commitment);
        rotate(agent, SECRET, NEXT_SECRET);
        rotate(agent, NEXT_SECRET, LAST_SECRET);

        expectNotAuthentic(0, leaf);
        challenge.falseOutput(record, bySignature(signature));
        vm.expectEmit();
        emit INotices.StatementKept(agent, agent, leaf, block.timestamp + WINDOW);
        challenge.openNotice(agent, 0, leaf, signature, SALT);
        vm.assertTrue(challenge.isKept(agent, agent, leaf));
        vm.assertEq(challenge.falseOutput(record, bySignature(signature)), 1000);
    }

    function test_notice_ofADecisionThatWasSignedWithOthers() public {
        DecisionRecord memory record = falseSignalOf(agent, 11, 1);
        bytes32[] memory leaves = leavesFrom(1, 5);
        leaves[1] = challenge.leafOf(record);
        bytes memory signature = signedTogether(SECRET, agent, 10, leaves, 1);
        giveNotice(11, leaves[1], signature);
        rotate(agent, SECRET, NEXT_SECRET);
        challenge.openNotice(agent, 11, leaves[1], signature, SALT);
        vm.assertEq(challenge.falseOutput(record, bySignature(signature)), 1000);
    }

    function test_notice_keepsBothOfTwoDecisionsOfOneSequence() public {
        (DecisionRecord memory record, DecisionRecord memory other) =
            (signalOf(agent, 3, 1), signalOf(agent, 3, 2));
        (bytes memory signature, bytes memory otherSignature) =
            (signed(SECRET, record), signed(SECRET, other));
        giveNotice(record, signature);
        giveNotice(other, otherSignature);
        rotate(agent, SECRET, NEXT_SECRET);
        openNotice(record, signature);
        bytes32 otherLeaf = challenge.leafOf(other);
        expectNotAuthentic(3, otherLeaf);
        challenge.equivocation(record, signature, other, otherSignature);
        openNotice(other, otherSignature);
        vm.assertEq(challenge.equivocation(record, signature, other, otherSignature), 1000);
    }

    function test_notice_keepsAMismatchingRevealAndABrokenPromise() public {
        DecisionRecord memory record = signalOf(agent, 1, 1);
        SealedEnvelope memory envelope = envelopeOf(agent, 2, keccak256("promised"));
        (bytes memory signature, bytes memory promised) = (signed(SECRET, record), signed(SECRET, envelope));
        bytes32 digest = hashOf(envelope);
        giveNotice(record, signature);
        giveNotice(2, digest, promised);
        commit(agent, leavesFrom(9, 3));
        rotate(agent, SECRET, NEXT_SECRET);
        openNotice(record, signature);
        challenge.openNotice(agent, 2, digest, promised, SALT);
        challenge.revealMismatch(record, signature, leavesFrom(9, 3)[1], anchorOf(agent, 1));
        challenge.sealedMismatch(envelope, promised, leavesFrom(9, 3)[2], anchorOf(agent, 2));
        vm.assertTrue(stake.isMarked(agent));
    }

    /// @dev Whoever lost the store and the key decides anew what was not committed: no word of the lost key is broken.
    function test_notice_ofWhatLapsedWithItsKeyIsNoLie() public {
        DecisionRecord memory record = signalOf(agent, 0, 1);
        DecisionRecord memory anew = signalOf(agent, 0, 2);
        SealedEnvelope memory envelope = envelopeOf(agent, 0, challenge.leafOf(record));
        (bytes memory signature, bytes memory promised) = (signed(SECRET, record), signed(SECRET, envelope));
        bytes32 digest = hashOf(envelope);
        giveNotice(record, signature);
        giveNotice(0, digest, promised);
        rotate(agent, SECRET, NEXT_SECRET);
        (bytes32 leaf, bytes32 leafAnew) = (challenge.leafOf(record), challenge.leafOf(anew));
        commitOne(agent, leafAnew);
        openNotice(record, signature);
        challenge.openNotice(agent, 0, digest, promised, SALT);

        IDecisionLog.Anchor memory anchor = anchorOf(agent, 0);
        bytes memory signatureAnew = signed(NEXT_SECRET, anew);
        expectNotAuthentic(0, leaf);
        challenge.revealMismatch(record, signature, leafAnew, anchor);
        expectNotAuthentic(0, digest);
        challenge.sealedMismatch(envelope, promised, leafAnew, anchor);
        expectNotAuthentic(0, leafAnew);
        challenge.equivocation(record, signature, anew, signatureAnew);
    }

    function test_notice_ofWhatWasNotSignedYetIsWorthNothing() public {
        DecisionRecord memory record = falseSignalOf(agent, 0, 1);
        bytes32 leaf = challenge.leafOf(record);
        // All that can be had before the key leaks.
        giveNotice(0, leaf, "");
        rotate(agent, SECRET, NEXT_SECRET);
        bytes memory forged = signed(SECRET, record);
        bytes32 commitment = challenge.commitmentOf(agent, 0, leaf, forged, SALT);
        vm.expectRevert(abi.encodeWithSelector(INotices.NoNotice.selector, commitment));
        challenge.openNotice(agent, 0, leaf, forged, SALT);
        vm.expectRevert(abi.encodeWithSelector(INotices.NotSignedThen.selector, agent, leaf));
        challenge.openNotice(agent, 0, leaf, "", SALT);
        // Nor what notice is given of after the change, in the same block.
        giveNotice(0, leaf, forged);
        vm.expectRevert(abi.encodeWithSelector(INotices.NotSignedThen.selector, agent, leaf));
        challenge.openNotice(agent, 0, leaf, forged, SALT);
    }

    function test_notice_ofWhatTheNextKeySignedTooSoonIsWorthNothing() public {
        DecisionRecord memory record = falseSignalOf(agent, 0, 1);
        bytes memory signature = signed(NEXT_SECRET, record);
        giveNotice(record, signature);
        rotate(agent, SECRET, NEXT_SECRET);
        rotate(agent, NEXT_SECRET, LAST_SECRET);
        bytes32 leaf = challenge.leafOf(record);
        vm.expectRevert(abi.encodeWithSelector(INotices.NotSignedThen.selector, agent, leaf));
        challenge.openNotice(agent, 0, leaf, signature, SALT);
    }

    function test_notice_countsForTheWindow() public {
        DecisionRecord memory record = falseSignalOf(agent, 0, 1);
        bytes memory signature = signed(SECRET, record);
        bytes32 leaf = challenge.leafOf(record);
        giveNotice(record, signature);
        bytes32 commitment = challenge.commitmentOf(agent, 0, leaf, signature, SALT);
        rotate(agent, SECRET, NEXT_SECRET);
        uint256 start = block.timestamp;
        vm.assertEq(challenge.noticeUntil(commitment), start + WINDOW);
        vm.assertEq(challenge.noticeSeconds(), WINDOW);
        vm.warp(start + WINDOW);
        openNotice(record, signature);
        vm.warp(start + WINDOW + 1);
        vm.assertFalse(challenge.isKept(agent, agent, leaf));
        expectNotAuthentic(0, leaf);
        challenge.falseOutput(record, bySignature(signature));
        vm.expectRevert(abi.encodeWithSelector(INotices.NoNotice.selector, commitment));
        challenge.openNotice(agent, 0, leaf, signature, SALT);
        // Given anew it is one of now, when the key is another.
        challenge.giveNotice(commitment);
        vm.expectRevert(abi.encodeWithSelector(INotices.NotSignedThen.selector, agent, leaf));
        challenge.openNotice(agent, 0, leaf, signature, SALT);
    }

    function test_notice_isNotMadeLaterByWhoCopiesIt() public {
        DecisionRecord memory record = falseSignalOf(agent, 0, 1);
        bytes memory signature = signed(SECRET, record);
        giveNotice(record, signature);
        rotate(agent, SECRET, NEXT_SECRET);
        vm.warp(block.timestamp + 60);
        giveNotice(record, signature);
        openNotice(record, signature);
        vm.assertEq(challenge.falseOutput(record, bySignature(signature)), 1000);
    }

    function test_notice_ofOneAgentIsNoneOfAnother() public {
        address other = vm.addr(LAST_SECRET);
        DecisionRecord memory record = falseSignalOf(other, 0, 1);
        bytes32 leaf = challenge.leafOf(record);
        bytes memory signature = signed(SECRET, record);
        giveNotice(0, leaf, signature);
        challenge.openNotice(agent, 0, leaf, signature, SALT);
        // Kept as the one's word, it names the other.
        vm.expectRevert(abi.encodeWithSelector(IChallenge.NotAuthentic.selector, other, uint64(0), leaf));
        challenge.falseOutput(record, bySignature(signature));
    }

    function giveNotice(DecisionRecord memory record, bytes memory signature) private {
        giveNotice(record.sequence, challenge.leafOf(record), signature);
    }

    function giveNotice(uint64 sequence, bytes32 digest, bytes memory signature) private {
        challenge.giveNotice(challenge.commitmentOf(agent, sequence, digest, signature, SALT));
    }

    function openNotice(DecisionRecord memory record, bytes memory signature) private {
        challenge.openNotice(agent, record.sequence, challenge.leafOf(record), signature, SALT);
    }

    function expectNotAuthentic(uint64 sequence, bytes32 digest) private {
        vm.expectRevert(abi.encodeWithSelector(IChallenge.NotAuthentic.selector, agent, sequence, digest));
    }
}
