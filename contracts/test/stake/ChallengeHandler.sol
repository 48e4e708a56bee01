// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IChallenge} from "../../src/interfaces/IChallenge.sol";
import {IDecisionLog} from "../../src/interfaces/IDecisionLog.sol";
import {DecisionRecord, SealedEnvelope} from "../../src/records/DecisionRecord.sol";
import {ChallengeFixture} from "./ChallengeFixture.sol";

/// @dev Honest agents decide, anchor and change keys while everybody tries to frame them with whatever can be had
/// without their present key: their own statements, altered ones, keys that they retired, keys of others, proofs of
/// other places and times. Liars come and go; each is proved a liar in one of the ways there are.
contract ChallengeHandler is ChallengeFixture {
    uint256 public constant HONEST = 3;
    uint256 public constant HONEST_STAKE = 1000;
    uint64 private constant MAX_DECISIONS = 24;
    address internal constant ATTACKER = address(0xBAD);
    uint256 private constant ATTACKER_SECRET = 0xBAD5EC;

    struct Honest {
        address agent;
        uint256[] secrets;
        uint64 recorded;
    }

    bytes32 internal constant SALT = keccak256("salt");

    Honest[HONEST] private _honest;
    /// @dev How often an agent has lost what it had decided at a sequence: it then decides anew.
    mapping(uint256 who => mapping(uint64 sequence => uint256)) private _lost;
    address[] private _liars;

    uint256 public attempts;
    uint256 public framed;
    uint256 public exposed;

    constructor() {
        vm.warp(1_800_000_000);
        for (uint256 i = 0; i < HONEST; ++i) {
            uint256 secret = uint256(keccak256(abi.encode("honest", i)));
            _honest[i].agent = vm.addr(secret);
            _honest[i].secrets.push(secret);
            stakeFor(_honest[i].agent, secret, HONEST_STAKE);
        }
    }

    /// @dev An honest agent records a few decisions and anchors some of what it recorded, oldest first.
    function decide(uint256 who, uint256 count, uint256 toAnchor) external {
        Honest storage honest = _honest[who % HONEST];
        honest.recorded += uint64(within(count, 1, 3));
        if (honest.recorded > MAX_DECISIONS) honest.recorded = MAX_DECISIONS;
        (, uint64 anchored,) = log.headOf(honest.agent);
        toAnchor = within(toAnchor, 0, honest.recorded - anchored);
        if (toAnchor == 0) return;
        bytes32[] memory leaves = new bytes32[](toAnchor);
        for (uint64 i = 0; i < toAnchor; ++i) {
            leaves[i] = challenge.leafOf(honestRecord(who, anchored + i));
        }
        commit(honest.agent, leaves);
    }

    /// @dev An honest agent retires its key, which leaks. It may have lost its store with it, and what it had signed and
    /// not anchored.
    function changeKey(uint256 who, bool storeIsLost) external {
        Honest storage honest = _honest[who % HONEST];
        if (honest.secrets.length == 4) return;
        if (storeIsLost) {
            (, honest.recorded,) = log.headOf(honest.agent);
            for (uint64 i = honest.recorded; i < MAX_DECISIONS; ++i) {
                ++_lost[who % HONEST][i];
            }
        }
        uint256 next = uint256(keccak256(abi.encode(honest.agent, honest.secrets.length)));
        rotate(honest.agent, presentSecret(who), next);
        honest.secrets.push(next);
    }

    function frameWithFalseOutput(uint256 who, uint256 seed) external {
        (uint64 sequence, bool any) = pickSequence(who, seed);
        if (!any) return;
        DecisionRecord memory record = altered(honestRecord(who, sequence), seed >> 8);
        IChallenge.Proof memory proof;
        proof.signature = strayRecordSignature(who, sequence, record, seed >> 16);
        proof.anchor = strayAnchor(who, sequence, seed >> 24);
        vm.prank(ATTACKER);
        try challenge.falseOutput(record, proof) {
            ++framed;
        } catch {}
        ++attempts;
    }

    function frameWithEquivocation(uint256 who, uint256 seed) external {
        (uint64 sequence, bool any) = pickSequence(who, seed);
        if (!any) return;
        DecisionRecord memory record = honestRecord(who, sequence);
        (uint64 otherSequence,) = pickSequence(who, seed >> 32);
        DecisionRecord memory other = altered(honestRecord(who, otherSequence), seed >> 8);
        bytes memory signature = signed(presentSecret(who), record);
        bytes memory otherSignature = strayRecordSignature(who, otherSequence, other, seed >> 16);
        vm.prank(ATTACKER);
        try challenge.equivocation(record, signature, other, otherSignature) {
            ++framed;
        } catch {}
        ++attempts;
    }

    function frameWithRevealMismatch(uint256 who, uint256 seed) external {
        (uint64 sequence, bool any) = pickSequence(who, seed);
        if (!any) return;
        DecisionRecord memory record = altered(honestRecord(who, sequence), seed >> 8);
        bytes memory signature = strayRecordSignature(who, sequence, record, seed >> 16);
        IDecisionLog.Anchor memory anchor = strayAnchor(who, sequence, seed >> 24);
        bytes32 leaf = strayLeaf(who, sequence, seed >> 32);
        vm.prank(ATTACKER);
        try challenge.revealMismatch(record, signature, leaf, anchor) {
            ++framed;
        } catch {}
        ++attempts;
    }

    function frameWithSealedMismatch(uint256 who, uint256 seed) external {
        (uint64 sequence, bool any) = pickSequence(who, seed);
        if (!any) return;
        (SealedEnvelope memory envelope, bytes memory signature) = strayEnvelope(who, sequence, seed >> 8);
        bytes32 leaf = strayLeaf(who, sequence, seed >> 32);
        IDecisionLog.Anchor memory anchor = strayAnchor(who, sequence, seed >> 24);
        vm.prank(ATTACKER);
        try challenge.sealedMismatch(envelope, signature, leaf, anchor) {
            ++framed;
        } catch {}
        ++attempts;
    }

    /// @dev Heads that the log had are remembered, and no others.
    function rememberHead(uint256 who, uint256 seed) external {
        address agent = agentAt(who);
        uint64 sequence = SafeCast.toUint64(seed % MAX_DECISIONS);
        IDecisionLog.Anchor memory anchor = anchorOf(agent, sequence);
        if (anchor.count == 0) return;
        uint64 next = anchor.firstSequence + anchor.count;
        uint192 head = uint192(
            uint256(keccak256(abi.encode(anchor.headBefore, anchor.root, anchor.firstSequence, anchor.count)))
        );
        challenge.rememberHead(agent, head, next, anchor.later);
        vm.assertTrue(challenge.isKnownHead(agent, head));

        uint256 change = (seed >> 8) % 3;
        if (change == 0) head ^= uint192(1 + (seed >> 16) % 1000);
        if (change == 1) agent = agentAt(who % HONEST + 1);
        // Without later batches the next sequence says nothing.
        if (change == 2) (next, head) = (next + 1, anchor.later.length == 0 ? head ^ 1 : head);
        try challenge.rememberHead(agent, head, next, anchor.later) {
            ++framed;
        } catch {}
        ++attempts;
    }

    /// @dev A liar stakes, lies and is exposed at once, whatever it tries to get out of it.
    function lie(uint256 seed, uint96 amount) external {
        uint256 secret = uint256(keccak256(abi.encode("liar", _liars.length, seed)));
        address liar = vm.addr(secret);
        _liars.push(liar);
        if (amount > 0) stakeFor(liar, secret, amount);
        if (seed % 2 == 0) commit(liar, leavesFrom(seed, within(seed >> 8, 1, 3)));
        if (seed % 3 == 0) {
            rotate(liar, secret, secret + 1);
            ++secret;
        }
        if (seed % 5 == 0 && amount > 0) {
            vm.prank(STAKE_OWNER);
            stake.startUnbonding(liar, within(seed >> 16, 1, amount));
            vm.warp(block.timestamp + (seed >> 24) % (2 * UNBONDING));
        }
        uint256 before = stake.rewardOf(ATTACKER);
        vm.assertEq(expose(liar, secret, seed), amount);
        vm.assertEq(stake.rewardOf(ATTACKER) - before, uint256(amount) * SHARE / 1_000_000);
        vm.assertTrue(stake.isMarked(liar));
        ++exposed;
    }

    function claimReward() external {
        if (stake.rewardOf(ATTACKER) == 0) return;
        vm.prank(ATTACKER);
        stake.claimReward(ATTACKER);
    }

    function agentAt(uint256 who) public view returns (address) {
        return _honest[who % HONEST].agent;
    }

    function attacker() external pure returns (address) {
        return ATTACKER;
    }

    /// @dev Tells the lie that the seed says, and proves it.
    function expose(address liar, uint256 secret, uint256 seed) private returns (uint256) {
        (, uint64 next,) = log.headOf(liar);
        DecisionRecord memory record = falseSignalOf(liar, next, seed);
        uint256 how = (seed >> 32) % 5;
        // Notice was given of what it signed, and it changes its key.
        bool flees = (seed >> 56) % 2 == 0;
        if (how == 0) {
            bytes memory signature = signed(secret, record);
            if (flees) fleeAfterNotice(liar, secret, next, challenge.leafOf(record), signature);
            vm.prank(ATTACKER);
            return challenge.falseOutput(record, bySignature(signature));
        }
        if (how == 1) {
            commitOne(liar, challenge.leafOf(record));
            if (seed % 7 < 3) commit(liar, leavesFrom(~seed, 2));
            // Whoever is its key by then.
            if (seed % 11 < 5) rotate(liar, secret, secret + 9);
            IChallenge.Proof memory proof = byAnchor(liar, next);
            vm.prank(ATTACKER);
            return challenge.falseOutput(record, proof);
        }
        if (how == 2) {
            DecisionRecord memory other = signalOf(liar, next, seed);
            bytes memory signature = signed(secret, record);
            bytes memory otherSignature = signed(secret, other);
            if (flees) {
                giveNotice(liar, next, challenge.leafOf(record), signature);
                giveNotice(liar, next, challenge.leafOf(other), otherSignature);
                rotate(liar, secret, secret + 9);
                challenge.openNotice(liar, next, challenge.leafOf(record), signature, SALT);
                challenge.openNotice(liar, next, challenge.leafOf(other), otherSignature, SALT);
            }
            vm.prank(ATTACKER);
            return challenge.equivocation(record, signature, other, otherSignature);
        }
        bytes32[] memory leaves = leavesFrom(seed ^ 1, within(seed >> 40, 1, 3));
        uint64 sequence = next + uint64((seed >> 48) % leaves.length);
        commit(liar, leaves);
        IDecisionLog.Anchor memory anchor = anchorOf(liar, sequence);
        if (seed % 13 < 4) {
            // It buries the lie under other batches; the head of before was remembered.
            (uint192 head, uint64 end,) = log.headOf(liar);
            challenge.rememberHead(liar, head, end, new IDecisionLog.Batch[](0));
            commit(liar, leavesFrom(seed ^ 2, 2));
        }
        bytes32 anchored = leaves[sequence - next];
        if (how == 3) {
            record = signalOf(liar, sequence, seed);
            bytes memory signature = signed(secret, record);
            if (flees) fleeAfterNotice(liar, secret, sequence, challenge.leafOf(record), signature);
            vm.prank(ATTACKER);
            return challenge.revealMismatch(record, signature, anchored, anchor);
        }
        SealedEnvelope memory envelope = envelopeOf(liar, sequence, keccak256(abi.encode(seed)));
        bytes memory sealedSignature = signed(secret, envelope);
        if (flees) fleeAfterNotice(liar, secret, sequence, hashOf(envelope), sealedSignature);
        vm.prank(ATTACKER);
        return challenge.sealedMismatch(envelope, sealedSignature, anchored, anchor);
    }

    function giveNotice(address agent, uint64 sequence, bytes32 digest, bytes memory signature) internal {
        challenge.giveNotice(challenge.commitmentOf(agent, sequence, digest, signature, SALT));
    }

    function fleeAfterNotice(
        address liar,
        uint256 secret,
        uint64 sequence,
        bytes32 digest,
        bytes memory signature
    ) private {
        giveNotice(liar, sequence, digest, signature);
        rotate(liar, secret, secret + 9);
        challenge.openNotice(liar, sequence, digest, signature, SALT);
    }

    function pickSequence(uint256 who, uint256 seed) internal view returns (uint64 sequence, bool any) {
        uint64 recorded = _honest[who % HONEST].recorded;
        return recorded == 0 ? (0, false) : (SafeCast.toUint64(seed % recorded), true);
    }

    function honestRecord(uint256 who, uint64 sequence) internal view returns (DecisionRecord memory) {
        return honestRecord(who, sequence, _lost[who % HONEST][sequence]);
    }

    /// @dev What the agent decided when it had lost its decision of the sequence so many times.
    function honestRecord(uint256 who, uint64 sequence, uint256 lost)
        internal
        view
        returns (DecisionRecord memory)
    {
        return signalOf(agentAt(who), sequence, who % HONEST + HONEST * lost);
    }

    function timesLost(uint256 who, uint64 sequence) internal view returns (uint256) {
        return _lost[who % HONEST][sequence];
    }

    function honestEnvelope(uint256 who, uint64 sequence) internal view returns (SealedEnvelope memory) {
        return envelopeOf(agentAt(who), sequence, challenge.leafOf(honestRecord(who, sequence)));
    }

    function presentSecret(uint256 who) internal view returns (uint256) {
        uint256[] storage secrets = _honest[who % HONEST].secrets;
        return secrets[secrets.length - 1];
    }

    /// @dev Any key but the agent's present one: one that it retired, another agent's, or the attacker's own.
    function strayKey(uint256 who, uint256 seed) internal view returns (uint256) {
        uint256[] storage secrets = _honest[who % HONEST].secrets;
        if (seed % 3 == 0 && secrets.length > 1) return secrets[(seed >> 8) % (secrets.length - 1)];
        return seed % 3 == 1 ? presentSecret((who % HONEST + 1) % HONEST) : ATTACKER_SECRET;
    }

    function altered(DecisionRecord memory record, uint256 seed)
        internal
        view
        returns (DecisionRecord memory)
    {
        (int32 score, uint32 ppm) = verifier.score(MODEL, record.features);
        uint256 change = seed % 10;
        if (change == 1) record.output = outputOf(score + 1, ppm);
        if (change == 2) record.output = outputOf(score, ppm + 1);
        if (change == 3) record.features = abi.encodePacked(keccak256(abi.encode(seed)));
        if (change == 4) record.model = keccak256("none");
        if (change == 5) record.sequence = SafeCast.toUint64(seed % MAX_DECISIONS);
        if (change == 6) record.agent = agentAt(seed % HONEST);
        if (change == 7) record.kind = 1;
        if (change == 8) record.salt = 0;
        if (change == 9) record.output = "";
        return record;
    }

    /// @dev What the agent signed, on this record or another; what others signed on the altered one; or nothing.
    function strayRecordSignature(uint256 who, uint64 sequence, DecisionRecord memory record, uint256 seed)
        internal
        view
        returns (bytes memory)
    {
        uint256 how = seed % 6;
        if (how == 5) return honestBatchSignature(who, sequence);
        if (how == 0) return signed(presentSecret(who), honestRecord(who, sequence));
        if (how == 1) return signed(strayKey(who, seed >> 8), record);
        if (how == 2) return signed(presentSecret(who), honestEnvelope(who, sequence));
        if (how == 3) {
            (uint64 other,) = pickSequence(who, seed >> 8);
            return signed(presentSecret(who), honestRecord(who, other));
        }
        return "";
    }

    /// @dev The decision's part of what the agent signed of everything that it recorded so far.
    function honestBatchSignature(uint256 who, uint64 sequence) private view returns (bytes memory) {
        Honest storage honest = _honest[who % HONEST];
        bytes32[] memory leaves = new bytes32[](honest.recorded);
        for (uint64 i = 0; i < honest.recorded; ++i) {
            leaves[i] = challenge.leafOf(honestRecord(who, i));
        }
        return signedTogether(presentSecret(who), honest.agent, 0, leaves, sequence);
    }

    /// @dev What the agent promised, or an altered promise, with a signature of the agent's on something, another's
    /// on this, or none.
    function strayEnvelope(uint256 who, uint64 sequence, uint256 seed)
        internal
        view
        returns (SealedEnvelope memory envelope, bytes memory signature)
    {
        envelope = honestEnvelope(who, sequence);
        uint256 how = (seed >> 8) % 4;
        if (how == 0) signature = signed(presentSecret(who), envelope);
        if (how == 1) signature = signed(presentSecret(who), honestRecord(who, sequence));
        uint256 change = seed % 4;
        if (change == 1) envelope.leaf = keccak256(abi.encode(seed));
        if (change == 2) ++envelope.sequence;
        if (change == 3) envelope.agent = agentAt(who % HONEST + 1);
        if (how == 2) signature = signed(strayKey(who, seed >> 16), envelope);
    }

    /// @dev The anchor of the sequence or another, of the agent or another, whole or broken.
    function strayAnchor(uint256 who, uint64 sequence, uint256 seed)
        private
        view
        returns (IDecisionLog.Anchor memory anchor)
    {
        uint256 how = seed % 8;
        if (how == 1) sequence = uint64((seed >> 8) % MAX_DECISIONS);
        anchor = anchorOf(agentAt(how == 2 ? who % HONEST + 1 : who), sequence);
        if (how == 3) ++anchor.firstSequence;
        if (how == 4) ++anchor.count;
        if (how == 5) anchor.root = bytes32(seed);
        if (how == 6) anchor.headBefore ^= 1;
        if (how == 7) anchor.later = new IDecisionLog.Batch[](0);
    }

    /// @dev The leaf of the sequence, of another, or none at all.
    function strayLeaf(uint256 who, uint64 sequence, uint256 seed) private view returns (bytes32) {
        if (seed % 3 == 0) return bytes32(seed);
        if (seed % 3 == 1) (sequence,) = pickSequence(who, seed >> 8);
        return challenge.leafOf(honestRecord(who, sequence));
    }
}
