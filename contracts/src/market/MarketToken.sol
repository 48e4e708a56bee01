// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IMarketToken} from "./interfaces/IMarketToken.sol";

/// @title A token of the local market; see `IMarketToken`
contract MarketToken is ERC20, IMarketToken {
    /// @inheritdoc IMarketToken
    address public immutable issuer;

    uint8 private immutable _decimals;

    constructor(string memory name, string memory symbol, uint8 decimals_, address issuer_)
        ERC20(name, symbol)
    {
        _decimals = decimals_;
        issuer = issuer_;
    }

    /// @inheritdoc IMarketToken
    function mint(address to, uint256 amount) external {
        require(msg.sender == issuer, NotIssuer(msg.sender));
        _mint(to, amount);
    }

    /// @inheritdoc IERC20Metadata
    function decimals() public view override(ERC20, IERC20Metadata) returns (uint8) {
        return _decimals;
    }
}
