// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Where the keys of sealed decisions are made public, in time
/// @notice An agent that keeps its decisions to itself for a while seals each under a key of its reveal time, and
/// signs at once which key that will be. At that time the key is posted here, so that when a body became readable
/// is the chain's word and not the agent's.
/// @dev Nothing is stored and nobody is asked who they are: a key authenticates itself. The agent's signed envelope
/// of a decision holds the hash of the key that opens it, so whatever else is posted in an agent's name opens
/// nothing, and readers pass it over. Who knows the right key has it from the agent.
///
///     Sealed(address agent,uint64 sequence,bytes32 leaf,uint64 revealAtMs,bytes32 keyHash,bytes32 ciphertextHash)
///
/// is that envelope, EIP-712, of the decision log's domain; `keyHash` is keccak256 of the key.
interface IRevealLog {
    /// @notice A key and the decisions that it is said to open.
    /// @param agent Agent that sealed them.
    /// @param revealAtMs Their reveal time, Unix milliseconds.
    /// @param key The key.
    struct Reveal {
        address agent;
        uint64 revealAtMs;
        bytes32 key;
    }

    /// @notice A key was posted. It counts when its hash is the one that the agent signed.
    /// @param agent Agent that it is said to be of.
    /// @param revealAtMs Reveal time that it is said to be of, Unix milliseconds.
    /// @param key The key.
    event Revealed(address indexed agent, uint64 indexed revealAtMs, bytes32 key);

    /// @notice Thrown when a key is posted before its time.
    /// @param revealAtMs The reveal time.
    /// @param nowMs Time of the block, both Unix milliseconds.
    error RevealTooEarly(uint64 revealAtMs, uint64 nowMs);

    /// @notice Thrown when no key is given.
    error NothingToReveal();

    /// @notice Posts a key. Anybody may.
    /// @dev Refused before its time, so that a host whose clock runs ahead finds out when it estimates the gas, before
    /// the key has left it.
    /// @param agent Agent that it is of.
    /// @param revealAtMs Reveal time that it is of, Unix milliseconds.
    /// @param key The key.
    function reveal(address agent, uint64 revealAtMs, bytes32 key) external;

    /// @notice Posts keys of any agents and times, all or none.
    /// @param reveals The keys.
    function revealMany(Reveal[] calldata reveals) external;
}
