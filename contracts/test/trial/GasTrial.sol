// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @dev Measures calls within one, where a transaction for each would take minutes.
contract GasTrial {
    error CallFailed(uint256 place);

    /// @dev Returns the gas that each of several calls to a contract takes, with what calling takes, which is the same
    /// for all; addresses that they touch are warm but for the first.
    function gasOf(address target, bytes[] calldata inputs) external view returns (uint256[] memory gas_) {
        gas_ = new uint256[](inputs.length);
        for (uint256 i = 0; i < inputs.length; ++i) {
            bytes memory data = inputs[i];
            uint256 used;
            bool isDone;
            // Solidity's call would copy what it returns, for more gas from call to call.
            assembly ("memory-safe") {
                let start := gas()
                isDone := staticcall(gas(), target, add(data, 32), mload(data), 0, 0)
                used := sub(start, gas())
            }
            require(isDone, CallFailed(i));
            gas_[i] = used;
        }
    }
}
