// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IDecisionLog} from "./IDecisionLog.sol";

/// @title What agents anchored, however long ago
/// @notice The log keeps an agent's present head alone, so a proof of what was anchored carries every later batch. An
/// agent that anchors often, or anchors nothing many times over to bury something, would make that proof too long for
/// one transaction. Here anybody walks back from the present head in as many transactions as it takes: a head that leads
/// to a known one is remembered, and proofs then end there.
/// @dev Nothing is taken on trust: who could remember a head that the log never had would have found another preimage of
/// 192 bits of keccak256.
interface IPastHeads {
    /// @notice A past head of an agent's log is known from now on.
    /// @param agent The agent.
    /// @param head Head of its log at some time.
    event HeadRemembered(address indexed agent, uint192 head);

    /// @notice Thrown when a head does not lead to a known one through the batches given.
    /// @param agent The agent.
    /// @param head The head.
    error UnrelatedHead(address agent, uint192 head);

    /// @notice Remembers a past or present head of an agent's log.
    /// @param agent The agent.
    /// @param head The head.
    /// @param nextSequence Sequence of the first decision after it.
    /// @param later The batches that follow it, in order, up to a known head; empty for the present head.
    function rememberHead(
        address agent,
        uint192 head,
        uint64 nextSequence,
        IDecisionLog.Batch[] calldata later
    ) external;

    /// @notice Tells whether a head is the agent's present one, or was remembered.
    /// @param agent The agent.
    /// @param head The head.
    function isKnownHead(address agent, uint192 head) external view returns (bool);

    /// @notice Tells whether an agent's decision of a sequence is anchored with a leaf: the batch that holds it, with the
    /// later ones given, leads to a known head.
    /// @param agent The agent.
    /// @param sequence Sequence of the decision.
    /// @param leaf Leaf hash of the decision.
    /// @param anchor Where the leaf stands; its `later` may end at any known head.
    function isAnchored(address agent, uint64 sequence, bytes32 leaf, IDecisionLog.Anchor calldata anchor)
        external
        view
        returns (bool);

    /// @notice The log.
    function log() external view returns (IDecisionLog);
}
