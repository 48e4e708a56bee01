// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IModelRegistry} from "../../src/interfaces/IModelRegistry.sol";
import {ModelRegistry} from "../../src/models/ModelRegistry.sol";
import {Test} from "../Test.sol";

contract ModelRegistryTest is Test {
    bytes32 private constant CARD = keccak256("card");

    ModelRegistry private registry = new ModelRegistry();

    function test_publish_namesTheModelByWhatItIs() public {
        address[] memory chunks = store("abc", "def");
        vm.expectEmit();
        emit IModelRegistry.ModelPublished(modelOf("abcdef"), sha256("abcdef"), CARD, chunks);
        bytes32 model = registry.publish(chunks, CARD);
        vm.assertEq(model, modelOf("abcdef"));
        vm.assertEq(registry.chunksOf(model).length, 2);
        vm.assertEq(registry.chunksOf(model)[1], chunks[1]);
        vm.assertEq(registry.cardOf(model), CARD);
    }

    function test_publish_againChangesNothing() public {
        bytes32 model = registry.publish(store("abc", "def"), CARD);
        address first = registry.chunksOf(model)[0];
        vm.prank(address(1));
        vm.assertEq(registry.publish(store("ab", "cdef"), CARD), model);
        vm.assertEq(registry.chunksOf(model)[0], first);
    }

    function test_publish_revertsWithoutChunks() public {
        vm.expectRevert(IModelRegistry.NoChunks.selector);
        registry.publish(new address[](0), CARD);
    }

    function test_publish_takesNoCodeThatTheRegistryDidNotStore() public {
        ModelRegistry other = new ModelRegistry();
        address[] memory chunks = new address[](1);
        chunks[0] = other.storeChunk("abc");
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.NotAChunk.selector, chunks[0]));
        registry.publish(chunks, CARD);
        chunks[0] = address(this);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.NotAChunk.selector, chunks[0]));
        registry.publish(chunks, CARD);
        chunks[0] = address(1);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.NotAChunk.selector, chunks[0]));
        registry.publish(chunks, CARD);
    }

    function test_chunksOf_isEmptyBeforeAllIsThere() public {
        store("abc", "def");
        vm.assertEq(registry.chunksOf(modelOf("abcdef")).length, 0);
        vm.assertEq(registry.cardOf(modelOf("abcdef")), bytes32(0));
    }

    function testFuzz_storeChunk_keepsTheBytes(bytes memory data) public {
        if (data.length == 0) return;
        bytes memory code = registry.storeChunk(data).code;
        vm.assertEq(keccak256(code), keccak256(bytes.concat(hex"00", data)));
    }

    function test_storeChunk_againChangesNothing() public {
        address chunk = registry.storeChunk("abc");
        vm.prank(address(1));
        vm.assertEq(registry.storeChunk("abc"), chunk);
    }

    function test_storeChunk_takesAsMuchAsCodeMayHold() public {
        vm.assertEq(registry.storeChunk(new bytes(24_575)).code.length, 24_576);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.WrongChunkLength.selector, 24_576));
        registry.storeChunk(new bytes(24_576));
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.WrongChunkLength.selector, 0));
        registry.storeChunk("");
    }

    function test_publishCard_emitsItUnderItsHash() public {
        vm.expectEmit();
        emit IModelRegistry.CardPublished(sha256("{}"), "{}");
        vm.assertEq(registry.publishCard("{}"), sha256("{}"));
    }

    function store(bytes memory first, bytes memory second) private returns (address[] memory chunks) {
        chunks = new address[](2);
        chunks[0] = registry.storeChunk(first);
        chunks[1] = registry.storeChunk(second);
    }

    function modelOf(bytes memory program) private pure returns (bytes32) {
        return sha256(bytes.concat(sha256(program), CARD));
    }
}
