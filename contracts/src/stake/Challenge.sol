// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {IAgentStake} from "../interfaces/IAgentStake.sol";
import {IChallenge} from "../interfaces/IChallenge.sol";
import {IDecisionLog} from "../interfaces/IDecisionLog.sol";
import {IModelVerifier} from "../interfaces/IModelVerifier.sol";
import {DecisionRecord, SealedEnvelope} from "../records/DecisionRecord.sol";
import {DecisionRecords} from "../records/DecisionRecords.sol";
import {DecisionSignatures} from "../records/DecisionSignatures.sol";
import {PastHeads} from "../records/PastHeads.sol";
import {AgentStake} from "./AgentStake.sol";

/// @title Where lies of agents are proved; see `IChallenge`
contract Challenge is IChallenge, PastHeads {
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
    /// @param challengeWindowSeconds How long after a lie a stake is sure to be there for it.
    /// @param unbondingSeconds How long stake waits for its release; longer.
    /// @param rewardSharePpm Share of a lost stake that is the challenger's, in millionths.
    constructor(
        IDecisionLog log_,
        IModelVerifier verifier_,
        IERC20 token,
        uint64 challengeWindowSeconds,
        uint64 unbondingSeconds,
        uint32 rewardSharePpm
    ) PastHeads(log_) {
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
        _requireSigned(record.agent, record.sequence, leaf, signature);
        _requireSigned(record.agent, record.sequence, otherLeaf, otherSignature);
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
        _requireSigned(record.agent, record.sequence, signedLeaf, signature);
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
        (address signer,,) = ECDSA.tryRecoverCalldata(digest, signature);
        require(
            _isPresentKey(envelope.agent, signer), NotAuthentic(envelope.agent, envelope.sequence, digest)
        );
        _requireAnchored(envelope.agent, envelope.sequence, leaf, anchor);
        return _prove(Lie.RevealMismatch, envelope.agent, envelope.sequence, envelope.leaf, leaf);
    }

    /// @inheritdoc IChallenge
    function leafOf(DecisionRecord calldata record) public view returns (bytes32) {
        return record.leafOf(DecisionRecords.domainOf(address(log)));
    }

    function _requireSigned(address agent, uint64 sequence, bytes32 leaf, bytes calldata signature)
        private
        view
    {
        bytes32 domain = DecisionRecords.domainOf(address(log));
        address signer = DecisionSignatures.signerOf(agent, sequence, leaf, signature, domain);
        require(_isPresentKey(agent, signer), NotAuthentic(agent, sequence, leaf));
    }

    function _isPresentKey(address agent, address signer) private view returns (bool) {
        // Zero where the signature is none.
        return signer != address(0) && signer == log.keyOf(agent);
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
