// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice A decision as its agent recorded it; see docs/decision-log.md.
/// @param agent Address that names the agent.
/// @param sequence Its place among the agent's decisions.
/// @param kind What was decided; 0 is a signal.
/// @param instrument What it is about.
/// @param timeMs When it was made, in milliseconds of Unix time.
/// @param source Source of the last observation that the agent had seen.
/// @param block Block, or sequence, of that observation.
/// @param logIndex Place of it in its block.
/// @param dataRoot Hash over every observation that the agent had seen.
/// @param featureSet Hash of the definition of the features.
/// @param features The feature vector.
/// @param model Hash of the sealed model.
/// @param strategy Hash of the strategy.
/// @param output What was decided, encoded by its kind.
/// @param explanationHash Hash of what each feature added to the prediction.
/// @param revealAtMs When the body is made public at the latest; 0 when at once.
/// @param salt Makes a sealed record unguessable.
struct DecisionRecord {
    address agent;
    uint64 sequence;
    uint8 kind;
    string instrument;
    uint64 timeMs;
    string source;
    uint64 block;
    uint64 logIndex;
    bytes32 dataRoot;
    bytes32 featureSet;
    bytes features;
    bytes32 model;
    bytes32 strategy;
    bytes output;
    bytes32 explanationHash;
    uint64 revealAtMs;
    bytes32 salt;
}

/// @notice What an agent promises of a decision whose body it hands out encrypted.
/// @param agent Address that names the agent.
/// @param sequence The decision's place among the agent's.
/// @param leaf The decision's leaf, by which it will be anchored.
/// @param revealAtMs When the body is made public at the latest, in milliseconds of Unix time.
/// @param keyHash Hash of the key that opens the body.
/// @param ciphertextHash Hash of the encrypted body.
struct SealedEnvelope {
    address agent;
    uint64 sequence;
    bytes32 leaf;
    uint64 revealAtMs;
    bytes32 keyHash;
    bytes32 ciphertextHash;
}
