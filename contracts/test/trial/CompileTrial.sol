// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ModelRegistry} from "../../src/models/ModelRegistry.sol";
import {ModelVerifier} from "../../src/models/ModelVerifier.sol";

/// @dev Tells in one call whether a program can be compiled.
contract CompileTrial {
    ModelRegistry private immutable _registry = new ModelRegistry();
    ModelVerifier private immutable _verifier = new ModelVerifier(_registry);

    /// @dev Publishes and compiles a program of one chunk; reverts as the verifier does.
    function compile(bytes calldata program) external {
        address[] memory chunks = new address[](1);
        chunks[0] = _registry.storeChunk(program);
        bytes32 model = _registry.publish(chunks, 0);
        while (!_verifier.compile(model)) {}
    }
}
