// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {MarketToken} from "../../src/market/MarketToken.sol";
import {IMarketToken} from "../../src/market/interfaces/IMarketToken.sol";
import {Test} from "../Test.sol";

contract MarketTokenTest is Test {
    MarketToken private token = new MarketToken("US Dollar", "USD", 6, address(this));

    function test_constructor_setsWhatATokenIs() public view {
        vm.assertEq(token.name(), "US Dollar");
        vm.assertEq(token.symbol(), "USD");
        vm.assertEq(token.decimals(), 6);
        vm.assertEq(token.issuer(), address(this));
    }

    function testFuzz_mint_addsToTheReceiverAndTheSupply(address to, uint256 amount) public {
        if (to == address(0)) return;
        token.mint(to, amount);
        vm.assertEq(token.balanceOf(to), amount);
        vm.assertEq(token.totalSupply(), amount);
    }

    function testFuzz_mint_revertsIfSenderIsNotTheIssuer(address sender) public {
        if (sender == address(this)) return;
        vm.expectRevert(abi.encodeWithSelector(IMarketToken.NotIssuer.selector, sender));
        vm.prank(sender);
        token.mint(sender, 1);
    }
}
