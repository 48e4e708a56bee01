// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title The log that agents commit their decisions to
/// @notice An agent commits the leaf hashes of its decisions in batches. The contract computes each batch's
/// Merkle root from the leaves in calldata, chains it to the agent's earlier batches and emits it, so that
/// order, number and time of decisions can be rebuilt from chain data alone and cannot be changed later.
/// @dev The agent is `msg.sender`: its key is its identity. Nobody owns, upgrades or pauses the log.
///
/// The tree is that of OpenZeppelin's `merkle-tree`, `SimpleMerkleTree.of(leaves, {sortLeaves: false})`: put
/// the leaves into a queue in sequence order, and append `keccak256` of the sorted pair of the next two
/// entries until one entry is left unpaired, the root. A single leaf is its own root. Inner nodes hash 64
/// bytes: a leaf must be the hash of something of another length (an EIP-712 digest hashes 66), otherwise
/// an inner node could pass for a leaf.
interface IDecisionLog {
    /// @notice An agent committed a batch of decisions.
    /// @param agent Address that committed.
    /// @param firstSequence Sequence of the first decision in the batch.
    /// @param count Decisions in the batch; their sequences are `firstSequence` to `firstSequence + count - 1`.
    /// @param root Merkle root of the batch's leaves in sequence order.
    /// @param head Head of the agent's log after the batch; it binds every batch so far.
    event BatchCommitted(
        address indexed agent, uint64 indexed firstSequence, uint64 count, bytes32 root, uint192 head
    );

    /// @notice Thrown when a batch does not begin at the agent's next sequence.
    /// @param expected Sequence that the agent's next batch must begin with.
    /// @param given Sequence that the rejected batch begins with.
    error SequenceGap(uint64 expected, uint64 given);

    /// @notice Thrown when a batch holds no leaves.
    error EmptyBatch();

    /// @notice Commits the leaves of the sender's next decisions, in sequence order.
    /// @param firstSequence Sequence of the first leaf; must be the sender's next sequence, which is 0 at first.
    /// @param leaves Leaf hashes, one for each decision, without a gap.
    /// @return root Merkle root of the leaves.
    function commit(uint64 firstSequence, bytes32[] calldata leaves) external returns (bytes32 root);

    /// @notice Returns the head of an agent's log and the sequence that its next batch must begin with.
    /// @dev With each batch the head becomes the low 192 bits of
    /// `keccak256(abi.encode(uint192 head, bytes32 root, uint64 firstSequence, uint64 count))`; it is 0 at first.
    /// @param agent Address that commits.
    /// @return head Hash over every batch of the agent, in order.
    /// @return nextSequence Number of decisions that the agent has committed.
    function headOf(address agent) external view returns (uint192 head, uint64 nextSequence);

    /// @notice Tells whether a leaf belongs to the tree with the given root.
    /// @param root Merkle root of a batch.
    /// @param leaf Leaf hash of a decision.
    /// @param proof Sibling hashes from the leaf up to the root.
    function verify(bytes32 root, bytes32 leaf, bytes32[] calldata proof) external pure returns (bool);
}
