// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @dev Makes many calls in one, for tests that would take minutes with a request for each.
contract CallTrial {
    error CallFailed(uint256 place);

    /// @dev Makes calls to a contract one after the other.
    /// @return outputs What each returns.
    /// @return used Gas that each takes, with what calling takes, which is the same for all; what they touch is cold for
    /// the first alone.
    function callAll(address target, bytes[] calldata inputs)
        external
        view
        returns (bytes[] memory outputs, uint256[] memory used)
    {
        outputs = new bytes[](inputs.length);
        used = new uint256[](inputs.length);
        for (uint256 i = 0; i < inputs.length; ++i) {
            bytes memory data = inputs[i];
            bool isDone;
            uint256 taken;
            // Solidity's call copies what it returns, for more gas from call to call.
            assembly ("memory-safe") {
                let start := gas()
                isDone := staticcall(gas(), target, add(data, 32), mload(data), 0, 0)
                taken := sub(start, gas())
            }
            require(isDone, CallFailed(i));
            used[i] = taken;
            bytes memory output;
            // Nor does it give what a call in assembly returned.
            assembly ("memory-safe") {
                output := mload(0x40)
                let size := returndatasize()
                mstore(output, size)
                returndatacopy(add(output, 32), 0, size)
                mstore(0x40, add(add(output, 32), and(add(size, 31), not(31))))
            }
            outputs[i] = output;
        }
    }
}
