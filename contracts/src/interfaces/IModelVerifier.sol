// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title What a sealed model computes, as a contract
/// @notice Runs a published model over a recorded feature vector. Whatever it runs gives the score and the probability
/// that the model gives off chain, to the bit.
/// @dev A model is compiled once from its published program, by anybody: the contract checks the program by the rules
/// that it is checked by off chain, and lays a network's weights out so that one multiplication serves eight of them.
/// Nobody has to be trusted for either. Models over several vectors are refused. Nobody owns, upgrades or pauses it.
interface IModelVerifier {
    /// @notice A model can be run from now on.
    /// @param model Hash of the model.
    event ModelCompiled(bytes32 indexed model);

    /// @notice Thrown when a model that is not compiled is run, or one that is not published is compiled.
    /// @param model Hash of the model.
    error UnknownModel(bytes32 model);

    /// @notice Thrown when a model is given features of another length.
    /// @param expected Bytes of its feature vector; of `run`, its number of inputs.
    /// @param given The same of what was given.
    error WrongFeatures(uint256 expected, uint256 given);

    /// @notice Thrown when a program's bytes are no program that can be evaluated.
    /// @param offset Byte at which, or in the part that begins at which, they are wrong.
    error MalformedProgram(uint256 offset);

    /// @notice Thrown when a model looks at more than one feature vector: this contract runs none of these.
    /// @param steps Feature vectors that it looks at.
    error SeveralSteps(uint256 steps);

    /// @notice Takes the next step in compiling a model; a small model takes one. Once it is compiled, nothing changes.
    /// @param model Hash of a model that the registry has.
    /// @return done True when the model is compiled.
    function compile(bytes32 model) external returns (bool done);

    /// @notice Tells whether a model is compiled.
    /// @param model Hash of the model.
    function isCompiled(bytes32 model) external view returns (bool);

    /// @notice Computes a model's prediction from features.
    /// @param model Hash of a compiled model.
    /// @param features The feature vector as recorded: binary32 numbers, big-endian; NaN for a missing one.
    /// @return score The score, in units of 2^-20.
    /// @return probabilityUpPpm Probability of a rise, in millionths.
    function score(bytes32 model, bytes calldata features)
        external
        view
        returns (int32 score, uint32 probabilityUpPpm);

    /// @notice Computes a model's score from its integer inputs.
    /// @param model Hash of a compiled model.
    /// @param inputs Scaled values in 1/4096 of a standard deviation for a network, bins for trees.
    /// @return score The score, in units of 2^-20.
    function run(bytes32 model, int16[] calldata inputs) external view returns (int32 score);
}
