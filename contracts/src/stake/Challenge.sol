// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IAgentStake} from "../interfaces/IAgentStake.sol";
import {IChallenge} from "../interfaces/IChallenge.sol";
import {IDecisionLog} from "../interfaces/IDecisionLog.sol";
import {IModelVerifier} from "../interfaces/IModelVerifier.sol";
import {DecisionRecord, SealedEnvelope} from "../records/DecisionRecord.sol";
import {DecisionRecords} from "../records/DecisionRecords.sol";
import {DecisionSignatures} from "../records/DecisionSignatures.sol";
import {Notices} from "../records/Notices.sol";
import {PastHeads} from "../records/PastHeads.sol";
import {AgentStake} from "./AgentStake.sol";

/// @title Where lies of agents are proved; see `IChallenge`
contract Challenge is PastHeads, Notices, IChallenge {
    using DecisionRecords for DecisionRecord;
    using DecisionRecords for SealedEnvelope;

    /// @inheritdoc IChallenge
    IModelVerifier public immutable verifier;
    /// @inheritdoc IChallenge
    IAgentStake public immutable stake;

    mapping(bytes32 lie => bool) private _proved;

    /// @param log_ The log whose agents can be challenged.
    /// @param verifier_ What runs the models.
    /// @param token What agents stake.
    /// @param challengeWindowSeconds How long after a lie a stake is sure to be there for it, and how long a notice counts.
    /// @param unbondingSeconds How long stake waits for its release; longer.
    /// @param rewardSharePpm Share of a lost stake that is the challenger's, in millionths.
    constructor(
        IDecisionLog log_,
        IModelVerifier verifier_,
        IERC20 token,
        uint64 challengeWindowSeconds,
        uint64 unbondingSeconds,
        uint32 rewardSharePpm
    ) PastHeads(log_) Notices(log_, challengeWindowSeconds) {
        verifier = verifier_;
        // Deployed here, so that each knows the other from the start and nobody has to introduce them.
        stake = new AgentStake(log_, token, challengeWindowSeconds, unbondingSeconds, rewardSharePpm);
    }

    /// @inheritdoc IChallenge
    function falseOutput(DecisionRecord calldata record, Proof calldata proof) external returns (uint256) {
        bytes32 leaf = leafOf(record);
        if (proof.signature.length > 0) {
            _requireSigned(record.agent, record.sequence, leaf, proof.signature);
        } else {
            _requireAnchored(record.agent, record.sequence, leaf, proof.anchor);
        }
        require(record.kind == DecisionRecords.SIGNAL, NoPrediction(record.kind));
        (bool exists, int32 score, uint32 probabilityUpPpm) = DecisionRecords.predictionIn(record.output);
        require(exists, NoPrediction(record.kind));
        (int32 trueScore, uint32 trueProbabilityUpPpm) = verifier.score(record.model, record.features);
        require(
            score != trueScore || probabilityUpPpm != trueProbabilityUpPpm,
            OutputIsTrue(trueScore, trueProbabilityUpPpm)
        );
        return _prove(Lie.FalseOutput, record.agent, record.sequence, leaf, 0);
    }

    /// @inheritdoc IChallenge
    function equivocation(
        DecisionRecord calldata record,
        bytes calldata signature,
        DecisionRecord calldata other,
        bytes calldata otherSignature
    ) external returns (uint256) {
        require(record.agent == other.agent && record.sequence == other.sequence, DifferentDecisions());
        (bytes32 leaf, bytes32 otherLeaf) = (leafOf(record), leafOf(other));
        address signer = _requireSigned(record.agent, record.sequence, leaf, signature);
        address otherSigner = _requireSigned(record.agent, record.sequence, otherLeaf, otherSignature);
        // What a key signed and did not commit lapses with it: its successor decides anew.
        require(signer == otherSigner, NotAuthentic(record.agent, record.sequence, otherLeaf));
        return _prove(Lie.Equivocation, record.agent, record.sequence, leaf, otherLeaf);
    }

    /// @inheritdoc IChallenge
    function revealMismatch(
        DecisionRecord calldata record,
        bytes calldata signature,
        bytes32 leaf,
        IDecisionLog.Anchor calldata anchor
    ) external returns (uint256) {
        bytes32 signedLeaf = leafOf(record);
        address signer = _requireSigned(record.agent, record.sequence, signedLeaf, signature);
        _requireBound(record.agent, record.sequence, signedLeaf, signer);
        _requireAnchored(record.agent, record.sequence, leaf, anchor);
        return _prove(Lie.RevealMismatch, record.agent, record.sequence, signedLeaf, leaf);
    }

    /// @inheritdoc IChallenge
    function sealedMismatch(
        SealedEnvelope calldata envelope,
        bytes calldata signature,
        bytes32 leaf,
        IDecisionLog.Anchor calldata anchor
    ) external returns (uint256) {
        bytes32 digest = envelope.hashOf(DecisionRecords.domainOf(address(log)));
        address signer = _requireSigned(envelope.agent, envelope.sequence, digest, signature);
        _requireBound(envelope.agent, envelope.sequence, digest, signer);
        _requireAnchored(envelope.agent, envelope.sequence, leaf, anchor);
        return _prove(Lie.RevealMismatch, envelope.agent, envelope.sequence, envelope.leaf, leaf);
    }

    /// @inheritdoc IChallenge
    function leafOf(DecisionRecord calldata record) public view returns (bytes32) {
        return record.leafOf(DecisionRecords.domainOf(address(log)));
    }

    /// @dev By the present key, or by one of before of which notice was given while it was present.
    function _requireSigned(address agent, uint64 sequence, bytes32 digest, bytes calldata signature)
        private
        view
        returns (address signer)
    {
        bytes32 domain = DecisionRecords.domainOf(address(log));
        signer = DecisionSignatures.signerOf(agent, sequence, digest, signature, domain);
        // Zero where the signature is none.
        bool present = signer != address(0) && signer == log.keyOf(agent);
        require(present || isKept(agent, signer, digest), NotAuthentic(agent, sequence, digest));
    }

    /// @dev A retired key's word about a decision binds the agent where that key was in force for the decision.
    function _requireBound(address agent, uint64 sequence, bytes32 digest, address signer) private view {
        bool bound = signer == log.keyOf(agent) || signer == log.keyOfSequence(agent, sequence);
        require(bound, NotAuthentic(agent, sequence, digest));
    }

    function _requireAnchored(
        address agent,
        uint64 sequence,
        bytes32 leaf,
        IDecisionLog.Anchor calldata anchor
    ) private view {
        require(isAnchored(agent, sequence, leaf, anchor), NotAuthentic(agent, sequence, leaf));
    }

    /// @dev Marks first and calls the stake then, which calls nobody.
    function _prove(Lie lie, address agent, uint64 sequence, bytes32 leaf, bytes32 otherLeaf)
        private
        returns (uint256 amount)
    {
        require(leaf != otherLeaf, StatementsAgree(leaf));
        // Which of two contradicting leaves is named first makes no other lie of it.
        (bytes32 low, bytes32 high) = leaf < otherLeaf ? (leaf, otherLeaf) : (otherLeaf, leaf);
        bytes32 named = keccak256(abi.encode(agent, low, high));
        require(!_proved[named], ProvedBefore(leaf, otherLeaf));
        _proved[named] = true;
        amount = stake.slash(agent, msg.sender);
        emit LieProved(agent, msg.sender, lie, sequence, leaf, otherLeaf, amount);
    }
}
