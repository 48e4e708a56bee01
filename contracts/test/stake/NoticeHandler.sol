// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IChallenge} from "../../src/interfaces/IChallenge.sol";
import {IDecisionLog} from "../../src/interfaces/IDecisionLog.sol";
import {DecisionRecord, SealedEnvelope} from "../../src/records/DecisionRecord.sol";
import {ChallengeHandler} from "./ChallengeHandler.sol";

/// @dev Notice is given of what honest agents signed and of what they never did, and opened when they have other keys,
/// the retired ones have leaked, and what was not anchored may have been decided anew.
contract NoticeHandler is ChallengeHandler {
    /// @dev Enough to make everything again that notice was given of.
    struct Noticed {
        uint256 who;
        uint64 sequence;
        uint256 timesLost;
        uint256 seed;
        bytes signature;
        bytes sealedSignature;
    }

    Noticed[] private _noticed;

    uint256 public opened;

    /// @dev Of a record and of an envelope; what is signed is the agent's own, or signed by another key, or not at all.
    function giveNotices(uint256 who, uint256 seed) external {
        (uint64 sequence, bool any) = pickSequence(who, seed);
        if (!any) return;
        Noticed memory noticed = Noticed(who, sequence, timesLost(who, sequence), seed, "", "");
        DecisionRecord memory record = recordOf(noticed);
        noticed.signature = strayRecordSignature(who, sequence, record, seed >> 16);
        giveNotice(agentAt(who), sequence, challenge.leafOf(record), noticed.signature);
        SealedEnvelope memory envelope = envelopeFor(noticed);
        noticed.sealedSignature = seed % 2 == 0
            ? signed(presentSecret(who), honestEnvelope(who, sequence))
            : signed(strayKey(who, seed >> 8), envelope);
        giveNotice(agentAt(who), sequence, hashOf(envelope), noticed.sealedSignature);
        _noticed.push(noticed);
    }

    /// @dev Opens what can be opened, with the signature of then or the one that a leaked key gives now, and tries
    /// everything with it, where the present decision is anchored.
    function frameWithNotices(uint256 pick, uint256 seed) external {
        if (_noticed.length == 0) return;
        Noticed memory noticed = _noticed[pick % _noticed.length];
        address agent = agentAt(noticed.who);
        DecisionRecord memory record = recordOf(noticed);
        bytes memory signature =
            seed % 4 == 0 ? signed(strayKey(noticed.who, seed >> 8), record) : noticed.signature;
        SealedEnvelope memory envelope = envelopeFor(noticed);
        open(agent, noticed.sequence, challenge.leafOf(record), signature);
        open(agent, noticed.sequence, hashOf(envelope), noticed.sealedSignature);

        DecisionRecord memory present = honestRecord(noticed.who, noticed.sequence);
        bytes32 leaf = challenge.leafOf(present);
        bytes memory presentSignature = signed(presentSecret(noticed.who), present);
        IDecisionLog.Anchor memory anchor = anchorOf(agent, noticed.sequence);
        attempt(abi.encodeCall(IChallenge.falseOutput, (record, bySignature(signature))));
        attempt(abi.encodeCall(IChallenge.equivocation, (record, signature, present, presentSignature)));
        attempt(abi.encodeCall(IChallenge.revealMismatch, (record, signature, leaf, anchor)));
        attempt(abi.encodeCall(IChallenge.sealedMismatch, (envelope, noticed.sealedSignature, leaf, anchor)));
        Noticed memory other = _noticed[(seed >> 16) % _noticed.length];
        attempt(
            abi.encodeCall(IChallenge.equivocation, (record, signature, recordOf(other), other.signature))
        );
    }

    function open(address agent, uint64 sequence, bytes32 digest, bytes memory signature) private {
        try challenge.openNotice(agent, sequence, digest, signature, SALT) {
            ++opened;
        } catch {}
    }

    function attempt(bytes memory call) private {
        vm.prank(ATTACKER);
        (bool taken,) = address(challenge).call(call);
        if (taken) ++framed;
        ++attempts;
    }

    function recordOf(Noticed memory noticed) private view returns (DecisionRecord memory record) {
        record = honestRecord(noticed.who, noticed.sequence, noticed.timesLost);
        return noticed.seed % 3 == 0 ? altered(record, noticed.seed >> 8) : record;
    }

    function envelopeFor(Noticed memory noticed) private view returns (SealedEnvelope memory) {
        bytes32 leaf = challenge.leafOf(honestRecord(noticed.who, noticed.sequence, noticed.timesLost));
        return envelopeOf(agentAt(noticed.who), noticed.sequence, leaf);
    }
}
