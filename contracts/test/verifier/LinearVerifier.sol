// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IModelVerifier} from "../../src/interfaces/IModelVerifier.sol";

/// @dev Models that anybody can run in his head: a model's hash is its weights. It holds the place of the verifier of
/// sealed models, and refuses as that one does.
contract LinearVerifier {
    error UnknownModel(bytes32 model);
    error WrongFeatures(uint256 expected, uint256 given);

    uint256 public constant INPUTS = 32;

    mapping(bytes32 model => bool) private _compiled;

    function compile(bytes32 model) external {
        _compiled[model] = true;
    }

    /// @dev The sum of each feature, a byte from -128 to 127, times the weight at its place.
    function score(bytes32 model, bytes calldata features) external view returns (int32 sum, uint32 ppm) {
        require(_compiled[model], UnknownModel(model));
        require(features.length == INPUTS, WrongFeatures(INPUTS, features.length));
        for (uint256 i = 0; i < INPUTS; ++i) {
            sum += int32(int8(uint8(features[i]))) * int32(int8(uint8(model[i])));
        }
        // At most 32 * 128 * 128 / 2 = 262,144 from the middle either way.
        ppm = SafeCast.toUint32(SafeCast.toUint256(500_000 + sum / 2));
    }

    function asVerifier() external view returns (IModelVerifier) {
        return IModelVerifier(address(this));
    }
}
