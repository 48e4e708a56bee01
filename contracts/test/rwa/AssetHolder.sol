// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Names an asset as a vault does, and is none
contract AssetHolder {
    address public immutable asset;

    constructor(address asset_) {
        asset = asset_;
    }
}
