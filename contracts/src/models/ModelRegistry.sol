// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {CodeStore} from "./program/CodeStore.sol";

/// @title Sealed models as contract code; see `IModelRegistry`
contract ModelRegistry is IModelRegistry {
    mapping(bytes32 model => address[] chunks) private _chunks;
    mapping(bytes32 model => bytes32 card) private _cards;

    /// @inheritdoc IModelRegistry
    function storeChunk(bytes calldata data) external returns (address chunk) {
        require(data.length > 0 && data.length <= CodeStore.LIMIT, WrongChunkLength(data.length));
        return CodeStore.store(data);
    }

    /// @inheritdoc IModelRegistry
    function publish(address[] calldata chunks, bytes32 card) external returns (bytes32 model) {
        require(chunks.length > 0, NoChunks());
        for (uint256 i = 0; i < chunks.length; ++i) {
            // Code that this contract did not create might vanish, or be other code tomorrow.
            require(CodeStore.isStored(chunks[i]), NotAChunk(chunks[i]));
        }
        bytes32 programHash = sha256(CodeStore.readAll(chunks));
        model = sha256(bytes.concat(programHash, card));
        if (_chunks[model].length > 0) return model;
        _chunks[model] = chunks;
        _cards[model] = card;
        emit ModelPublished(model, programHash, card, chunks);
    }

    /// @inheritdoc IModelRegistry
    function publishCard(bytes calldata text) external returns (bytes32 card) {
        card = sha256(text);
        emit CardPublished(card, text);
    }

    /// @inheritdoc IModelRegistry
    function chunksOf(bytes32 model) external view returns (address[] memory) {
        return _chunks[model];
    }

    /// @inheritdoc IModelRegistry
    function cardOf(bytes32 model) external view returns (bytes32) {
        return _cards[model];
    }
}
