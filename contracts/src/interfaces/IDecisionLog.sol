// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title The log that agents commit their decisions to
/// @notice An agent commits the leaf hashes of its decisions, or their Merkle root alone, in batches. Each batch
/// is chained to the agent's earlier ones and emitted, so that order, number and time of decisions can be
/// rebuilt from chain data alone and cannot be changed later. Nobody owns, upgrades or pauses the log.
/// @dev An agent is named for ever by the address of its first key. What the log knows of it is one word, its
/// *state*:
///
///     head (192 bits) | epoch (16) | next sequence (48)
///
/// A commit names the state that it follows, and is refused when the state has moved: a second host with the
/// same key, a repeated transaction, a gap and a retired key are all refused by one comparison. An *epoch* is
/// the time of one host: who takes over, with the same key or another, starts the next one.
///
/// Trees are those of RFC 9162, section 2.1, with keccak256, over hashes that are used as leaves as they are:
/// neighbours are hashed in pairs, in order, level by level, and an odd last node goes up as it is. A single
/// leaf is its own root. Inner nodes hash 64 bytes: a leaf must be the hash of something of another length (an
/// EIP-712 digest hashes 66), otherwise an inner node could pass for a leaf.
///
/// Signatures are EIP-712, of this contract's domain, name "Touchstone", version "1":
///
///     Commit(address agent,bytes32 state,uint64 count,bytes32 root,bool leaves)
///     Epoch(address agent,uint16 epoch,address key)
///     Identity(address agent,uint256 identity)
///
/// `leaves` says whether the leaves go on chain with the root: a relay cannot leave them out.
interface IDecisionLog {
    /// @notice One agent's part of a relayed transaction.
    /// @param agent Agent whose decisions these are.
    /// @param state State of the agent's log that the batch follows.
    /// @param count Decisions in the batch; read only where there are no leaves.
    /// @param root Merkle root of the batch; read only where there are no leaves.
    /// @param leaves Leaf hashes in sequence order; empty for a batch whose root alone goes on chain.
    /// @param signature The key's over `Commit`, 65 bytes; empty where the sender is the key.
    struct Commit {
        address agent;
        bytes32 state;
        uint64 count;
        bytes32 root;
        bytes32[] leaves;
        bytes signature;
    }

    /// @notice Where a leaf stands: the batch, its place in it, and the later batches up to the present.
    /// @param headBefore Head of the agent's log before the batch.
    /// @param firstSequence Sequence of the batch's first decision.
    /// @param count Decisions in the batch.
    /// @param root Merkle root of the batch.
    /// @param proof Hashes of the siblings from the leaf up to the root.
    /// @param later Every later batch of the agent, in order.
    struct Anchor {
        uint192 headBefore;
        uint64 firstSequence;
        uint64 count;
        bytes32 root;
        bytes32[] proof;
        Batch[] later;
    }

    /// @notice A batch as the head chains it; its first sequence follows from the one before.
    struct Batch {
        uint64 count;
        bytes32 root;
    }

    /// @notice An agent's batch was committed.
    /// @param agent Agent whose decisions these are.
    /// @param firstSequence Sequence of the first decision in the batch.
    /// @param count Decisions in the batch; their sequences are `firstSequence` to `firstSequence + count - 1`.
    /// @param root Merkle root of the batch's leaves in sequence order.
    /// @param head Head of the agent's log after the batch; it binds every batch so far.
    event BatchCommitted(
        address indexed agent, uint64 indexed firstSequence, uint64 count, bytes32 root, uint192 head
    );

    /// @notice A commit of a relayed transaction was left out: its state has moved, or its signature is wrong.
    /// @param agent Agent that the commit names.
    /// @param state State that the commit follows.
    event CommitSkipped(address indexed agent, bytes32 state);

    /// @notice A host took an agent over; commits of earlier epochs are refused from here on.
    /// @param agent The agent.
    /// @param epoch Number of the epoch; the first, which nothing starts, is 0.
    /// @param key Address whose commits and signatures count from `firstSequence` on.
    /// @param firstSequence The agent's next sequence when the epoch began.
    event EpochStarted(address indexed agent, uint16 indexed epoch, address key, uint64 firstSequence);

    /// @notice An agent bound itself to an identity token, for ever.
    /// @param agent The agent.
    /// @param identity Token in the identity registry; its owner may give the agent another key.
    event IdentityBound(address indexed agent, uint256 indexed identity);

    /// @notice Thrown when an agent's log is not in the state that a commit follows.
    /// @param expected The log's state.
    /// @param given State that the commit names.
    error StateMoved(bytes32 expected, bytes32 given);

    /// @notice Thrown when neither the sender nor a signature is the one that may do this.
    /// @param agent Agent that is acted for.
    /// @param given Sender, or who signed; zero where the signature is none.
    error NotAuthorised(address agent, address given);

    /// @notice Thrown when a batch holds no decisions.
    error EmptyBatch();

    /// @notice Thrown when a batch holds more than 2^20 decisions, or the agent's sequence would no longer fit into
    /// 48 bits.
    /// @param nextSequence The agent's next sequence.
    /// @param count Decisions in the batch.
    error TooManyDecisions(uint64 nextSequence, uint64 count);

    /// @notice Thrown when an epoch that is not the agent's next is started.
    /// @param expected The agent's next epoch.
    /// @param given Epoch that was asked for.
    error WrongEpoch(uint16 expected, uint16 given);

    /// @notice Thrown when an agent that has an identity is bound again.
    /// @param agent The agent.
    /// @param identity Token that it is bound to.
    error AlreadyBound(address agent, uint256 identity);

    /// @notice Thrown when an identity is bound where the log knows no identity registry.
    error NoIdentityRegistry();

    /// @notice Commits the leaves of an agent's next decisions, in sequence order. The sender is the agent's key.
    /// @param agent Agent whose decisions these are.
    /// @param state State of the agent's log that the batch follows; 0 before its first.
    /// @param leaves Leaf hashes, one for each decision, without a gap.
    /// @return root Merkle root of the leaves.
    function commit(address agent, bytes32 state, bytes32[] calldata leaves) external returns (bytes32 root);

    /// @notice Commits the Merkle root of an agent's next decisions alone; who publishes the decisions publishes
    /// their leaves. The sender is the agent's key.
    /// @param agent Agent whose decisions these are.
    /// @param state State of the agent's log that the batch follows; 0 before its first.
    /// @param count Decisions in the batch.
    /// @param root Merkle root of their leaves in sequence order.
    function commitRoot(address agent, bytes32 state, uint64 count, bytes32 root) external;

    /// @notice Commits batches of many agents, each signed by its agent's key: keys need no gas. A batch that
    /// cannot be taken is left out and named by `CommitSkipped`; the others are taken all the same.
    /// @param commits The batches; several of one agent follow each other.
    /// @return taken How many were committed.
    function commitMany(Commit[] calldata commits) external returns (uint256 taken);

    /// @notice Takes an agent over: the next epoch begins, with this key.
    /// @dev The new key proves that it is held; the present key, or the owner of the agent's identity, that this
    /// is wanted. Either signs `Epoch`, or is the sender and passes nothing. From epoch 2^15 on only the owner of
    /// the agent's identity starts epochs: whoever holds a leaked key cannot use them up.
    /// @param agent The agent.
    /// @param epoch The agent's next epoch.
    /// @param key Key of the epoch; it may be the one of before.
    /// @param possession The new key's signature over `Epoch`; empty where it is the sender.
    /// @param authority The present key's or the identity owner's signature over `Epoch`; empty where it is the
    /// sender, or where the present key stays.
    function startEpoch(
        address agent,
        uint16 epoch,
        address key,
        bytes calldata possession,
        bytes calldata authority
    ) external;

    /// @notice Binds an agent to its identity token, once and for ever. From then on the token's owner may give
    /// the agent another key when the agent's is lost or leaked. The sender is the token's owner: no agent can claim
    /// an identity that is not its own.
    /// @param agent The agent.
    /// @param identity Token in the identity registry.
    /// @param signature The agent's present key's over `Identity`; empty where it is the sender.
    function bindIdentity(address agent, uint256 identity, bytes calldata signature) external;

    /// @notice Returns the state of an agent's log, as one word; 0 before anything happened.
    function stateOf(address agent) external view returns (bytes32 state);

    /// @notice Returns the state of an agent's log in its parts.
    /// @dev With each batch the head becomes the low 192 bits of
    /// `keccak256(abi.encode(uint192 head, bytes32 root, uint64 firstSequence, uint64 count))`; it is 0 at first.
    /// @param agent The agent.
    /// @return head Hash over every batch of the agent, in order.
    /// @return nextSequence Number of decisions that the agent has committed.
    /// @return epoch Number of times that the agent was taken over.
    function headOf(address agent) external view returns (uint192 head, uint64 nextSequence, uint16 epoch);

    /// @notice Returns the key that acts for an agent now.
    function keyOf(address agent) external view returns (address key);

    /// @notice Returns the key in force for a decision: the present key, where it is not committed yet.
    /// @dev Where several epochs begin at one sequence, the last of them counts.
    /// @param agent The agent.
    /// @param sequence Sequence of the decision.
    function keyOfSequence(address agent, uint64 sequence) external view returns (address key);

    /// @notice Returns the key that acted for an agent when so many epochs of all agents had been started.
    /// @dev The number orders what happened before a change of keys and what happened after it, also within a block.
    /// @param agent The agent.
    /// @param epochs What `epochCount` was then.
    function keyAfterEpochs(address agent, uint64 epochs) external view returns (address key);

    /// @notice Returns how many epochs were started in this log, of all agents.
    function epochCount() external view returns (uint48 epochs);

    /// @notice Returns the identity token that an agent is bound to.
    /// @return bound Whether it is bound to one.
    /// @return identity The token.
    function identityOf(address agent) external view returns (bool bound, uint256 identity);

    /// @notice Returns the ERC-8004 identity registry whose owners may replace keys; zero where there is none.
    function identityRegistry() external view returns (address);

    /// @notice Tells whether a leaf stands at an index of the tree with the given root.
    /// @param root Merkle root of a batch.
    /// @param count Leaves in the batch.
    /// @param index Place of the leaf, from 0.
    /// @param leaf Leaf hash of a decision.
    /// @param proof Hashes of the siblings from the leaf up to the root.
    function verify(bytes32 root, uint64 count, uint64 index, bytes32 leaf, bytes32[] calldata proof)
        external
        pure
        returns (bool);

    /// @notice Tells whether an agent's decision of a sequence is anchored with a leaf: the batch that holds it,
    /// with all later ones, gives the log's present head.
    /// @param agent The agent.
    /// @param sequence Sequence of the decision.
    /// @param leaf Leaf hash of the decision.
    /// @param anchor Where the leaf stands.
    function verifyAnchored(address agent, uint64 sequence, bytes32 leaf, Anchor calldata anchor)
        external
        view
        returns (bool);
}
