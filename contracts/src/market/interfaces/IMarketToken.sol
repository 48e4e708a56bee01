// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";

/// @title A token of the local market, for example gold or US dollars
/// @notice An ERC-20 token whose issuer mints it without limit. For local chains only.
interface IMarketToken is IERC20Metadata {
    /// @notice Thrown when anybody but the issuer mints.
    /// @param caller Address that called.
    error NotIssuer(address caller);

    /// @notice Returns the only address that may mint.
    function issuer() external view returns (address);

    /// @notice Mints new tokens.
    /// @param to Address that receives them.
    /// @param amount Amount in the token's smallest unit.
    function mint(address to, uint256 amount) external;
}
