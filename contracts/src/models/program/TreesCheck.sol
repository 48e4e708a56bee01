// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Cursor, ProgramBytes} from "./ProgramBytes.sol";

/// @dev How far trees are checked.
struct TreesProgress {
    uint16 trees;
    /// @dev Where the next tree begins in the program; 0 before the first.
    uint64 treeOffset;
    /// @dev Least and greatest score after the trees so far.
    int64 lowest;
    int64 highest;
}

/// @dev Checks the part of a program that holds trees by the rules of models/sealed/checkProgram.ts. They are run as
/// they are published.
// Casts lose nothing: sums of at most ten thousand numbers of 32 bits, and what was read from fewer bytes.
// forge-lint: disable-next-item(unsafe-typecast)
library TreesCheck {
    using ProgramBytes for Cursor;

    uint256 private constant ONE = 1;
    uint256 private constant EDGES_LIMIT = 254;
    uint256 private constant TREES_LIMIT = 10_000;
    uint256 private constant NODES_LIMIT = 8_191;
    /// @dev In place of an inner node's threshold.
    uint256 private constant LEAF = 255;
    uint256 private constant NODE_SIZE = 5;
    /// @dev Bytes of trees that one call checks before it stops, some 8 million gas.
    uint256 private constant STEP = 24_576;

    /// @dev Checks on from where `progress` stands until all is done or enough was for one call.
    /// @param cursor At the edges.
    /// @return done True when the trees are checked.
    function check(Cursor memory cursor, uint256 columns, TreesProgress memory progress)
        internal
        pure
        returns (bool done)
    {
        if (progress.treeOffset == 0) {
            for (uint256 column = 0; column < columns; ++column) {
                _checkEdges(cursor);
            }
        } else {
            for (uint256 column = 0; column < columns; ++column) {
                cursor.skip(4 * cursor.u8());
            }
        }
        int256 base = cursor.i32();
        uint256 trees = cursor.u16();
        cursor.check(trees <= TREES_LIMIT);
        if (progress.treeOffset == 0) {
            (progress.lowest, progress.highest) = (int64(base), int64(base));
        } else {
            cursor.offset = progress.treeOffset;
        }
        uint256 stop = cursor.offset + STEP;
        uint256[16] memory children;
        while (progress.trees < trees) {
            if (cursor.offset >= stop) {
                progress.treeOffset = uint64(cursor.offset);
                return false;
            }
            (int256 low, int256 high) = _checkTree(cursor, columns, children);
            progress.lowest += int64(low);
            progress.highest += int64(high);
            progress.trees += 1;
        }
        cursor.check(cursor.offset == cursor.length);
        cursor.check(progress.lowest >= type(int32).min && progress.highest <= type(int32).max);
        return true;
    }

    function _checkEdges(Cursor memory cursor) private pure {
        uint256 count = cursor.u8();
        cursor.check(count <= EDGES_LIMIT);
        int256 last = type(int256).min;
        for (uint256 edge = 0; edge < count; ++edge) {
            int256 bits = int256(cursor.f32());
            // Numbers of the same order: a negative one is the smaller, the greater its bits are.
            int256 next = bits >> 31 == 1 ? 0x7fffffff - bits : bits;
            cursor.check(next > last);
            last = next;
        }
    }

    /// @dev Returns the least and the greatest leaf.
    /// @param children Bits of the pairs of nodes that have a parent; may hold anything.
    function _checkTree(Cursor memory cursor, uint256 columns, uint256[16] memory children)
        private
        pure
        returns (int256 low, int256 high)
    {
        uint256 nodes = cursor.u16();
        cursor.check(nodes > 0 && nodes <= NODES_LIMIT);
        uint256 place = cursor.start + cursor.offset;
        uint256 pairs = nodes / 2;
        (low, high) = (type(int256).max, type(int256).min);
        // Addresses, and numbers of at most five bytes.
        unchecked {
            for (uint256 word = 0; word <= pairs / 256; ++word) {
                children[word] = 0;
            }
            // Every node but the root has one parent: then the pairs of children are (1, 2), (3, 4) and so on, once each.
            uint256 left = pairs;
            cursor.check(nodes & 1 == 1);
            cursor.check(cursor.offset + NODE_SIZE * nodes <= cursor.length);
            for (uint256 node = 0; node < nodes; ++node) {
                uint256 bits = ProgramBytes.load(place, NODE_SIZE);
                place += NODE_SIZE;
                if (bits >> 32 == LEAF) {
                    int256 value = int32(uint32(bits));
                    if (value < low) low = value;
                    if (value > high) high = value;
                    continue;
                }
                uint256 child = bits & 0xffff;
                uint256 pair = child / 2;
                // Children after their parent: a walk always ends.
                if (
                    bits >> 16 & 0xffff >= columns || child & 1 == 0 || child <= node || child >= nodes
                        || children[pair / 256] >> pair % 256 & 1 == 1
                ) {
                    cursor.offset += NODE_SIZE * node;
                    cursor.check(false);
                }
                children[pair / 256] |= ONE << pair % 256;
                --left;
            }
            // As many inner nodes as pairs, all different.
            cursor.check(left == 0);
        }
        cursor.skip(NODE_SIZE * nodes);
    }
}
