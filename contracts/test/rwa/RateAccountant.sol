// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Publishes the rate of a vault's share as BoringVault's accountant does
/// @dev For tests: anybody may publish, and without bounds.
contract RateAccountant {
    event ExchangeRateUpdated(uint96 oldRate, uint96 newRate, uint64 currentTime);

    address public immutable vault;
    address public immutable base;
    uint8 public immutable decimals;
    uint96 private _rate;

    constructor(address vault_, address base_, uint8 decimals_, uint96 rate) {
        vault = vault_;
        base = base_;
        decimals = decimals_;
        _rate = rate;
    }

    function updateExchangeRate(uint96 newRate) external {
        emit ExchangeRateUpdated(_rate, newRate, uint64(block.timestamp));
        _rate = newRate;
    }

    function getRate() external view returns (uint256) {
        return _rate;
    }
}
