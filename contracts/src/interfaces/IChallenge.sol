// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {DecisionRecord, SealedEnvelope} from "../records/DecisionRecord.sol";
import {IAgentStake} from "./IAgentStake.sol";
import {IDecisionLog} from "./IDecisionLog.sol";
import {IModelVerifier} from "./IModelVerifier.sol";
import {INotices} from "./INotices.sol";
import {IPastHeads} from "./IPastHeads.sol";

/// @title Where lies of agents are proved
/// @notice Anybody who holds what an agent signed or anchored may prove that it lied: that a recorded prediction
/// is not what the model gives, that two decisions claim one place, or that what was promised is not what was
/// anchored. A proven lie takes the agent's whole stake and marks the agent; see `IAgentStake`. Each lie counts
/// once. Nobody decides about a challenge: it is arithmetic, and it either holds or reverts.
/// @dev What counts as said by an agent:
///
/// - what the agent's *present* key signed: a decision alone (65 bytes over its leaf), or a batch of decisions signed
///   together, in the form that docs/decision-log.md gives, with the path from the leaf to the batch's root.
/// - what a former key signed, where notice was given of it while the key was the agent's; see `INotices`. Without one it
///   proves nothing, as a key is retired because it may have leaked: whoever holds it could frame an honest agent. A
///   former key's promise binds the agent where the key was in force for the decision: what it signed and did not commit,
///   its successor decides anew.
/// - what is anchored in the agent's log, whoever was its key then. A proof leads to the log's present head, or to
///   an earlier one that `rememberHead` has walked back to.
///
/// What is assumed:
///
/// - The key signs, for one log, one decision of a sequence at most. Hosts of one agent share one durable store,
///   or the second takes over only where the first has stopped. Who lets two hosts decide apart equivocates.
/// - The key is the agent. Who has stolen it can sign a lie, and take the stake with it, until it is retired.
/// - A challenge is taken at any time: the log does not keep when a batch was anchored, and a proof does not age.
///   That a stake is still there is what the challenge window is for: `IAgentStake.coverOf` is what a lie told
///   now costs for at least the window, because stake takes longer than that to leave.
/// - The first to prove a lie is paid. A challenge seen in the pool of pending transactions can be copied; who
///   minds sends it privately.
/// - Models run by the verifier give what they give off chain, to the bit. A model that is not compiled there
///   proves nothing until somebody compiles it, which anybody can who has the program.
interface IChallenge is IPastHeads, INotices {
    /// @notice What makes a record the agent's: one of the two, where there is a signature that.
    /// @param signature The key's over the record; empty where the record is anchored.
    /// @param anchor Where the record's leaf stands in the agent's log; not read where there is a signature.
    struct Proof {
        bytes signature;
        IDecisionLog.Anchor anchor;
    }

    /// @notice What an agent's lie is.
    enum Lie {
        FalseOutput,
        Equivocation,
        RevealMismatch
    }

    /// @notice A lie was proved.
    /// @param agent Agent that lied.
    /// @param challenger Who proved it.
    /// @param lie What it is.
    /// @param sequence Sequence of the decision.
    /// @param leaf Leaf of the decision; of an equivocation, one of the two.
    /// @param otherLeaf The leaf that contradicts it; zero for a false output.
    /// @param amount What the agent lost.
    event LieProved(
        address indexed agent,
        address indexed challenger,
        Lie indexed lie,
        uint64 sequence,
        bytes32 leaf,
        bytes32 otherLeaf,
        uint256 amount
    );

    /// @notice Thrown when something is neither signed by a key that counts nor anchored in the agent's log.
    /// @param agent The agent.
    /// @param sequence Sequence of the decision.
    /// @param leaf Leaf, or hash, that was to be proved.
    error NotAuthentic(address agent, uint64 sequence, bytes32 leaf);

    /// @notice Thrown when a record holds no prediction that could be false.
    /// @param kind The record's kind.
    error NoPrediction(uint8 kind);

    /// @notice Thrown when a record says what its model says.
    /// @param score The score.
    /// @param probabilityUpPpm Probability of a rise, in millionths.
    error OutputIsTrue(int32 score, uint32 probabilityUpPpm);

    /// @notice Thrown when two statements are not about one decision of one agent.
    error DifferentDecisions();

    /// @notice Thrown when two statements about a decision agree.
    /// @param leaf Leaf of both.
    error StatementsAgree(bytes32 leaf);

    /// @notice Thrown when a lie was proved before.
    /// @param leaf Leaf of the decision.
    /// @param otherLeaf The leaf that contradicts it; zero for a false output.
    error ProvedBefore(bytes32 leaf, bytes32 otherLeaf);

    /// @notice Proves that a signal's prediction is not what its model gives for its features.
    /// @dev Reverts as the verifier does for a model that is not compiled and for features that do not fit it.
    /// @param record The signal.
    /// @param proof What makes it the agent's.
    /// @return amount What the agent lost.
    function falseOutput(DecisionRecord calldata record, Proof calldata proof)
        external
        returns (uint256 amount);

    /// @notice Proves that an agent made two decisions of one sequence: one key signed both.
    /// @dev Where one of them is anchored, `revealMismatch` needs the other alone.
    /// @param record One decision.
    /// @param signature The key's over it.
    /// @param other The other decision.
    /// @param otherSignature The same key's over it.
    /// @return amount What the agent lost.
    function equivocation(
        DecisionRecord calldata record,
        bytes calldata signature,
        DecisionRecord calldata other,
        bytes calldata otherSignature
    ) external returns (uint256 amount);

    /// @notice Proves that a decision which an agent signed is not the one that it anchored.
    /// @param record The decision.
    /// @param signature The key's over it.
    /// @param leaf The leaf that is anchored at the decision's sequence.
    /// @param anchor Where that leaf stands.
    /// @return amount What the agent lost.
    function revealMismatch(
        DecisionRecord calldata record,
        bytes calldata signature,
        bytes32 leaf,
        IDecisionLog.Anchor calldata anchor
    ) external returns (uint256 amount);

    /// @notice Proves that the decision which an agent promised in an envelope is not the one that it anchored.
    /// @param envelope The envelope.
    /// @param signature The key's over it, 65 bytes.
    /// @param leaf The leaf that is anchored at the decision's sequence.
    /// @param anchor Where that leaf stands.
    /// @return amount What the agent lost.
    function sealedMismatch(
        SealedEnvelope calldata envelope,
        bytes calldata signature,
        bytes32 leaf,
        IDecisionLog.Anchor calldata anchor
    ) external returns (uint256 amount);

    /// @notice Computes a record's leaf in this challenge's log.
    function leafOf(DecisionRecord calldata record) external view returns (bytes32);

    /// @notice What runs the models.
    function verifier() external view returns (IModelVerifier);

    /// @notice The stakes, which this contract deployed and alone may take.
    function stake() external view returns (IAgentStake);
}
