// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Programs} from "./Programs.sol";
import {PublishedPrograms} from "./PublishedPrograms.sol";

/// @dev Gas of a first call of `score`, with some 3,000 for calling a contract for the first time, and without what a
/// transaction costs by itself: 21,000 and up to 16 a byte of its calldata. The worst that features can do to a network
/// is that all lie halfway between two integer inputs, and beyond four deviations. The trees are complete, with as many
/// edges as a feature may have.
contract ModelVerifierGasTest is PublishedPrograms {
    bytes4 private constant ONE = 0x3f800000;
    /// @dev 6 + 2^-13: half a step more than a whole number of steps of 2^-12.
    bytes4 private constant BETWEEN_STEPS = 0x40c00100;

    bytes32 private network;
    bytes32 private standardised;
    bytes32 private trees;

    function setUp() public {
        uint16[] memory widths = new uint16[](4);
        (widths[0], widths[1], widths[2], widths[3]) = (32, 16, 8, 1);
        (network,) = compile(Programs.randomNetwork(widths));
        (standardised,) = compile(
            Programs.randomNetwork(widths, new bytes(4 * 32), Programs.repeated(abi.encodePacked(ONE), 32))
        );
        (trees,) = compile(Programs.randomTrees(32, 100, 6));
    }

    function test_gas_network32x16x8x1() public view {
        vm.assertLt(gasOf(network, 0x3f123456), 25_500);
    }

    function test_gas_network32x16x8x1_atWorst() public view {
        vm.assertLt(gasOf(standardised, BETWEEN_STEPS), 41_500);
    }

    function test_gas_trees100ofDepth6() public view {
        vm.assertLt(gasOf(trees, 0x3f123456), 177_000);
    }

    function gasOf(bytes32 model, bytes4 feature) private view returns (uint256) {
        bytes memory features = numbers(32, feature);
        uint256 before = gasleft();
        verifier.score(model, features);
        return before - gasleft();
    }
}
