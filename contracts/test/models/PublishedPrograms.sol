// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ModelRegistry} from "../../src/models/ModelRegistry.sol";
import {ModelVerifier} from "../../src/models/ModelVerifier.sol";
import {Test} from "../Test.sol";

/// @dev A registry, a verifier, and a way for programs into both.
abstract contract PublishedPrograms is Test {
    uint256 private constant CHUNK = 24_575;

    ModelRegistry internal registry = new ModelRegistry();
    ModelVerifier internal verifier = new ModelVerifier(registry);

    function publish(bytes memory program) internal returns (bytes32 model) {
        address[] memory chunks = new address[]((program.length + CHUNK - 1) / CHUNK);
        for (uint256 i = 0; i < chunks.length; ++i) {
            uint256 size = i + 1 < chunks.length ? CHUNK : program.length - i * CHUNK;
            bytes memory chunk = new bytes(size);
            for (uint256 j = 0; j < size; ++j) {
                chunk[j] = program[i * CHUNK + j];
            }
            chunks[i] = registry.storeChunk(chunk);
        }
        return registry.publish(chunks, 0);
    }

    /// @dev Returns the model, and in how many steps it was compiled.
    function compile(bytes memory program) internal returns (bytes32 model, uint256 steps) {
        model = publish(program);
        do {
            ++steps;
        } while (!verifier.compile(model));
    }

    function numbers(uint256 count, bytes4 value) internal pure returns (bytes memory features) {
        for (uint256 i = 0; i < count; ++i) {
            features = bytes.concat(features, value);
        }
    }
}
