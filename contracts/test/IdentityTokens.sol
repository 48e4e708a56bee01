// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";

/// @dev What the log needs of an ERC-8004 identity registry: tokens with owners.
contract IdentityTokens is ERC721("Identities", "ID") {
    function mint(address to, uint256 identity) external {
        _mint(to, identity);
    }

    function burn(uint256 identity) external {
        _burn(identity);
    }
}
