// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @dev Programs of sealed models for tests: models/sealed/encodeProgram.ts describes the bytes.
// Casts lose nothing that matters: numbers are drawn to fit, or may be any.
// forge-lint: disable-next-item(unsafe-typecast)
library Programs {
    bytes4 private constant ONE = 0x3f800000;
    /// @dev Header but for the kind and the columns; and a link of two knots: a millionth at -2^20, all at 2^20.
    bytes private constant LINK = hex"02fff000000010000000000001000f42400000";

    function header(uint8 kind, uint16 steps, uint16 columns) internal pure returns (bytes memory) {
        return abi.encodePacked("TSPG", uint8(1), kind, uint8(0), steps, columns, LINK);
    }

    /// @dev A network of one layer that adds two inputs, 2 and -3 times, and 5: features are scaled by 4,096.
    function sum() internal pure returns (bytes memory) {
        return network(1, 1, hex"02fd");
    }

    /// @dev The same with so many steps and taps, and with the given weights.
    function network(uint16 steps, uint16 taps, bytes memory weights) internal pure returns (bytes memory) {
        return abi.encodePacked(
            header(0, steps, uint16(weights.length / taps)),
            repeated(hex"00000000", weights.length / taps),
            repeated(abi.encodePacked(ONE), weights.length / taps),
            hex"01",
            layer(taps, uint16(weights.length / taps), 1, 0, weights, hex"00000005", hex"0001", hex"00")
        );
    }

    function layer(
        uint16 taps,
        uint16 inputs,
        uint16 outputs,
        uint8 flags,
        bytes memory weights,
        bytes memory biases,
        bytes memory multipliers,
        bytes memory shifts
    ) internal pure returns (bytes memory) {
        return abi.encodePacked(taps, inputs, outputs, uint16(1), flags, weights, biases, multipliers, shifts);
    }

    /// @dev A network of rectified layers of these widths with weights of any size.
    function randomNetwork(uint16[] memory widths) internal pure returns (bytes memory program) {
        bytes memory numbers = randomBytes(4 * widths[0], 0x3f);
        return randomNetwork(widths, numbers, numbers);
    }

    /// @dev The same with the given means and deviations, binary32 numbers.
    function randomNetwork(uint16[] memory widths, bytes memory means, bytes memory deviations)
        internal
        pure
        returns (bytes memory program)
    {
        program = abi.encodePacked(header(0, 1, widths[0]), means, deviations, uint8(widths.length - 1));
        for (uint256 i = 1; i < widths.length; ++i) {
            bytes memory drawn = layer(
                1,
                widths[i - 1],
                widths[i],
                i == widths.length - 1 ? 0 : 1,
                randomBytes(uint256(widths[i - 1]) * widths[i], 0),
                repeated(hex"00001234", widths[i]),
                repeated(hex"a123", widths[i]),
                repeated(hex"1b", widths[i])
            );
            program = abi.encodePacked(program, drawn);
        }
    }

    /// @dev So many complete trees, with the most edges that a feature may have.
    function randomTrees(uint16 columns, uint16 trees, uint256 depth)
        internal
        pure
        returns (bytes memory program)
    {
        bytes memory edges = hex"fe";
        for (uint32 edge = 0; edge < 254; ++edge) {
            edges = abi.encodePacked(edges, bytes4(uint32(0x3f000000) + 0x8000 * edge));
        }
        program = abi.encodePacked(header(1, 1, columns), repeated(edges, columns), int32(-7), trees);
        bytes memory drawn;
        for (uint256 tree = 0; tree < trees; ++tree) {
            drawn = bytes.concat(drawn, randomTree(columns, depth, tree));
        }
        return bytes.concat(program, drawn);
    }

    function randomTree(uint16 columns, uint256 depth, uint256 seed)
        internal
        pure
        returns (bytes memory tree)
    {
        uint256 inner = 2 ** depth - 1;
        tree = abi.encodePacked(uint16(2 * inner + 1));
        for (uint256 node = 0; node < 2 * inner + 1; ++node) {
            uint256 drawn = uint256(keccak256(abi.encode(seed, node)));
            tree = node < inner
                ? abi.encodePacked(
                    tree, uint8(drawn % 254), uint16((drawn >> 8) % columns), uint16(2 * node + 1)
                )
                : abi.encodePacked(tree, uint8(255), int32(int256(drawn >> 16) % 1000));
        }
    }

    /// @dev Bytes of which every fourth is the same; no other is 0x80, which no weight is.
    function randomBytes(uint256 count, uint8 fourth) internal pure returns (bytes memory drawn) {
        drawn = new bytes(count);
        for (uint256 i = 0; i < count; ++i) {
            uint256 value = uint256(keccak256(abi.encode(count, i))) % 255;
            drawn[i] = bytes1(i % 4 == 0 && fourth > 0 ? fourth : uint8(value < 128 ? value : value + 1));
        }
    }

    function repeated(bytes memory what, uint256 times) internal pure returns (bytes memory all) {
        all = new bytes(what.length * times);
        for (uint256 i = 0; i < all.length; ++i) {
            all[i] = what[i % what.length];
        }
    }
}
