// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Sealed models as contract code
/// @notice Anybody publishes the program of a sealed model; it is then found by the model's hash,
/// SHA-256(SHA-256(program) ‖ SHA-256(card)), which the contract computes itself: what is found under a hash is that
/// model's program.
/// @dev A program is stored in chunks of at most `CHUNK_LIMIT` bytes, each the code of a contract behind one zero byte
/// (STOP). A chunk's address follows from its bytes, so an upload belongs to nobody, can be continued by anybody and
/// spoilt by nobody. A model shows only when all of it is there. Nobody owns, upgrades or pauses the registry.
interface IModelRegistry {
    /// @notice A model's program can be read from now on.
    /// @param model Hash of the model.
    /// @param program SHA-256 of the program's bytes.
    /// @param card SHA-256 of the card's bytes.
    /// @param chunks Where the program's bytes are, in order.
    event ModelPublished(
        bytes32 indexed model, bytes32 indexed program, bytes32 indexed card, address[] chunks
    );

    /// @notice Somebody published a card.
    /// @param card SHA-256 of the text.
    /// @param text The card's canonical JSON.
    event CardPublished(bytes32 indexed card, bytes text);

    /// @notice Thrown when a chunk to store is empty or longer than a contract's code may be.
    /// @param bytesGiven Length of the rejected chunk.
    error WrongChunkLength(uint256 bytesGiven);

    /// @notice Thrown when an address holds no chunk of this registry.
    /// @param place The address.
    error NotAChunk(address place);

    /// @notice Thrown when a model is published without any chunks.
    error NoChunks();

    /// @notice Stores part of a program; storing the same bytes again changes nothing.
    /// @param data 1 to 24,575 bytes.
    /// @return chunk Where they are.
    function storeChunk(bytes calldata data) external returns (address chunk);

    /// @notice Publishes the model of a program that is stored and a card; publishing it again changes nothing.
    /// @param chunks Where the program's bytes are, in order.
    /// @param card SHA-256 of the card's bytes.
    /// @return model Hash of the model.
    function publish(address[] calldata chunks, bytes32 card) external returns (bytes32 model);

    /// @notice Publishes a card in an event, for those who want to read what its hash stands for.
    /// @param text The card's canonical JSON.
    /// @return card SHA-256 of it.
    function publishCard(bytes calldata text) external returns (bytes32 card);

    /// @notice Returns where a model's program is, in order; nothing for a model that is not published.
    /// @dev The program's bytes are the codes of the contracts, each without its first byte.
    /// @param model Hash of the model.
    function chunksOf(bytes32 model) external view returns (address[] memory);

    /// @notice Returns the SHA-256 of a published model's card; 0 for a model that is not published.
    /// @param model Hash of the model.
    function cardOf(bytes32 model) external view returns (bytes32);
}
