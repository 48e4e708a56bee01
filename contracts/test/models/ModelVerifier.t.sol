// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IModelVerifier} from "../../src/interfaces/IModelVerifier.sol";
import {Programs} from "./Programs.sol";
import {PublishedPrograms} from "./PublishedPrograms.sol";

contract ModelVerifierTest is PublishedPrograms {
    bytes4 private constant NOTHING = 0x7fc00000;
    bytes4 private constant HALF = 0x3f000000;
    bytes4 private constant MINUS_ONE = 0xbf800000;

    function test_score_ofANetwork() public {
        (bytes32 model,) = compile(Programs.sum());
        (int32 score, uint32 ppm) = verifier.score(model, bytes.concat(HALF, MINUS_ONE));
        vm.assertEq(score, 2 * 2048 + 3 * 4096 + 5);
        // A knot at -2^20 is a millionth, at 2^20 a million of them.
        vm.assertEq(ppm, 1 + uint256(999_999) * (2 ** 20 + 16_389) / 2 ** 21);
    }

    function test_score_missingFeaturesAreTheMean() public {
        (bytes32 model,) = compile(Programs.sum());
        (int32 score,) = verifier.score(model, bytes.concat(NOTHING, NOTHING));
        vm.assertEq(score, 5);
    }

    function test_score_cutsInputsOffAtEightDeviations() public {
        (bytes32 model,) = compile(Programs.sum());
        (int32 score,) = verifier.score(model, hex"7f7fffffff7fffff");
        vm.assertEq(score, 2 * 32_767 + 3 * int256(32_768) + 5);
    }

    function test_score_ofTrees() public {
        // One feature with one edge, at 1/2: -3 up to it or where it is missing, 4 above.
        bytes memory tree = hex"00030100000001fffffffffdff00000004";
        bytes memory program =
            bytes.concat(Programs.header(1, 1, 1), hex"013f000000", hex"000000640002", tree, tree);
        (bytes32 model,) = compile(program);
        vm.assertEq(scoreOf(model, abi.encodePacked(HALF)), 94);
        vm.assertEq(scoreOf(model, abi.encodePacked(NOTHING)), 94);
        vm.assertEq(scoreOf(model, hex"3f000001"), 108);
    }

    function test_run_takesIntegerInputs() public {
        (bytes32 model,) = compile(Programs.sum());
        int16[] memory inputs = new int16[](2);
        (inputs[0], inputs[1]) = (-32_768, 32_767);
        vm.assertEq(verifier.run(model, inputs), -2 * int256(32_768) - 3 * int256(32_767) + 5);
        vm.expectRevert(abi.encodeWithSelector(IModelVerifier.WrongFeatures.selector, 2, 3));
        verifier.run(model, new int16[](3));
    }

    function test_score_revertsOnAnotherLength() public {
        (bytes32 model,) = compile(Programs.sum());
        vm.expectRevert(abi.encodeWithSelector(IModelVerifier.WrongFeatures.selector, 8, 7));
        verifier.score(model, new bytes(7));
        vm.expectRevert(abi.encodeWithSelector(IModelVerifier.WrongFeatures.selector, 8, 12));
        verifier.score(model, new bytes(12));
    }

    function test_score_revertsOnAModelThatIsNotCompiled() public {
        bytes32 model = publish(Programs.sum());
        vm.assertFalse(verifier.isCompiled(model));
        vm.expectRevert(abi.encodeWithSelector(IModelVerifier.UnknownModel.selector, model));
        verifier.score(model, new bytes(8));
        vm.expectRevert(abi.encodeWithSelector(IModelVerifier.UnknownModel.selector, model));
        verifier.run(model, new int16[](2));
    }

    function test_compile_revertsOnAModelThatIsNotPublished() public {
        vm.expectRevert(abi.encodeWithSelector(IModelVerifier.UnknownModel.selector, bytes32(uint256(7))));
        verifier.compile(bytes32(uint256(7)));
    }

    function test_compile_againChangesNothing() public {
        bytes32 model = publish(Programs.sum());
        vm.expectEmit();
        emit IModelVerifier.ModelCompiled(model);
        vm.assertTrue(verifier.compile(model));
        vm.assertTrue(verifier.isCompiled(model));
        vm.prank(address(1));
        vm.assertTrue(verifier.compile(model));
    }

    function test_compile_goesOnWhereAnybodyStopped() public {
        uint16[] memory widths = new uint16[](4);
        (widths[0], widths[1], widths[2], widths[3]) = (64, 256, 128, 1);
        bytes32 model = publish(Programs.randomNetwork(widths));
        uint160 steps = 0;
        for (bool done = false; !done; ++steps) {
            vm.assertFalse(verifier.isCompiled(model));
            vm.prank(address(steps + 1));
            done = verifier.compile(model);
        }
        vm.assertGt(steps, 2);
        vm.assertTrue(scoreOf(model, numbers(64, HALF)) != 0);
    }

    function test_compile_refusesSeveralSteps() public {
        bytes32 model = publish(Programs.network(3, 2, hex"01020304"));
        vm.expectRevert(abi.encodeWithSelector(IModelVerifier.SeveralSteps.selector, 3));
        verifier.compile(model);
    }

    function test_compile_refusesTapsBeyondTheStep() public {
        refuses(Programs.network(1, 2, hex"01020304"));
    }

    function test_compile_refusesAWeightOfMinus128() public {
        refuses(Programs.network(1, 1, hex"0180"));
    }

    function test_compile_refusesSumsBeyond32Bits() public {
        // 516 weights of 127 and a bias of 5 are the most that stay within.
        (bytes32 model,) = compile(Programs.network(1, 1, Programs.repeated(hex"7f", 516)));
        vm.assertEq(scoreOf(model, numbers(516, 0x7f7fffff)), int256(516) * 127 * 32_767 + 5);
        vm.assertEq(scoreOf(model, numbers(516, 0xff7fffff)), -int256(516) * 127 * 32_768 + 5);
        refuses(Programs.network(1, 1, Programs.repeated(hex"7f", 517)));
    }

    function test_compile_dividesNeuronsThatNoCodeHolds() public {
        // 4,096 inputs of one neuron are 32,800 bytes when compiled, and columns fill more than four pages before.
        bytes memory weights =
            bytes.concat(Programs.repeated(hex"02", 4_000), Programs.repeated(hex"fd", 95), hex"07");
        (bytes32 model, uint256 steps) = compile(Programs.network(1, 1, weights));
        vm.assertEq(steps, 7);
        bytes memory features = bytes.concat(
            Programs.repeated(abi.encodePacked(HALF), 4_000),
            Programs.repeated(abi.encodePacked(MINUS_ONE), 95),
            HALF
        );
        vm.assertEq(scoreOf(model, features), 4_000 * 2 * 2048 + 95 * 3 * 4096 + 7 * 2048 + 5);
    }

    function test_compile_refusesATreeWithALoop() public {
        bytes memory start = bytes.concat(Programs.header(1, 1, 1), hex"00", hex"000000000001");
        refuses(bytes.concat(start, hex"00030100000000ff00000001ff00000002"));
        // The second node is its own child.
        refuses(bytes.concat(start, hex"000501000000010100000001ff00000001ff00000002ff00000002"));
    }

    function test_compile_refusesNodesWithoutAParentOrWithTwo() public {
        bytes memory start = bytes.concat(Programs.header(1, 1, 1), hex"00", hex"000000000001");
        refuses(bytes.concat(start, hex"0003ff00000001ff00000001ff00000002"));
        // Both children of the root have the last two nodes as theirs.
        bytes memory leaves = hex"ff00000001ff00000002";
        refuses(bytes.concat(start, hex"0005010000000101000000030100000003", leaves));
        compile(bytes.concat(start, hex"000501000000010100000003ff00000003", leaves));
    }

    function test_compile_refusesEdgesThatDoNotAscendOrAreNoNumbers() public {
        bytes memory tree = hex"0000000000010001ff00000001";
        bytes memory start = Programs.header(1, 1, 1);
        compile(bytes.concat(start, hex"03bf8000008000000100000000", tree));
        refuses(bytes.concat(start, hex"0280000001bf800000", tree));
        refuses(bytes.concat(start, hex"023f8000003f800000", tree));
        refuses(bytes.concat(start, hex"0180000000", tree));
        refuses(bytes.concat(start, hex"017fc00000", tree));
        refuses(bytes.concat(start, hex"017f800000", tree));
    }

    function test_compile_refusesAScalerOfNoNumbers() public {
        bytes memory rest =
            bytes.concat(hex"01", Programs.layer(1, 1, 1, 0, hex"01", hex"00000000", hex"0001", hex"00"));
        bytes memory start = Programs.header(0, 1, 1);
        compile(bytes.concat(start, hex"bf80000000000000", rest));
        refuses(bytes.concat(start, hex"800000003f800000", rest));
        refuses(bytes.concat(start, hex"7f8000003f800000", rest));
        refuses(bytes.concat(start, hex"00000000bf800000", rest));
        refuses(bytes.concat(start, hex"000000007fc00000", rest));
    }

    function test_compile_refusesTreesWhoseSumLeaves32Bits() public {
        bytes memory start = bytes.concat(Programs.header(1, 1, 1), hex"00", hex"7fffffff0001");
        compile(bytes.concat(start, hex"0001ff00000000"));
        refuses(bytes.concat(start, hex"0001ff00000001"));
    }

    function refuses(bytes memory program) private {
        bytes32 model = publish(program);
        vm.expectPartialRevert(IModelVerifier.MalformedProgram.selector);
        verifier.compile(model);
    }

    function scoreOf(bytes32 model, bytes memory features) private view returns (int256 score) {
        (score,) = verifier.score(model, features);
    }
}
