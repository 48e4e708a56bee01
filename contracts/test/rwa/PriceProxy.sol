// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {PriceAggregator} from "./PriceAggregator.sol";

/// @title Stands before an aggregator, as Chainlink's proxies do: it answers, and emits nothing
contract PriceProxy {
    address public immutable aggregator;

    constructor(address aggregator_) {
        aggregator = aggregator_;
    }

    function decimals() external view returns (uint8) {
        return PriceAggregator(aggregator).decimals();
    }
}
