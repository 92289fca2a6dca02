// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// A picture of three spheres, in signed fixed-point numbers: checked arithmetic, division and structs.
contract Spheres {
    int256 private constant one = 1e9;

    struct Vector {
        int256 x;
        int256 y;
        int256 z;
    }

    /// The sum of the brightness of all pixels of a square picture.
    function render(uint256 pixels) external pure returns (uint256 brightness) {
        Vector[3] memory centers =
            [Vector(0, 0, 5 * one), Vector(2 * one, one, 7 * one), Vector(-2 * one, -one, 4 * one)];
        int256[3] memory radii = [one, 2 * one, one / 2];
        for (uint256 i = 0; i < pixels; ++i) {
            for (uint256 j = 0; j < pixels; ++j) {
                int256 x = (int256(i) * 2 - int256(pixels)) * one / int256(pixels);
                int256 y = (int256(j) * 2 - int256(pixels)) * one / int256(pixels);
                brightness += shade(unit(Vector(x, y, one)), centers, radii);
            }
        }
    }

    function shade(Vector memory ray, Vector[3] memory centers, int256[3] memory radii)
        private
        pure
        returns (uint256)
    {
        int256 nearest = type(int256).max;
        uint256 hit = 3;
        for (uint256 s = 0; s < 3; ++s) {
            int256 along = dot(ray, centers[s]);
            int256 miss = dot(centers[s], centers[s]) - along * along / one;
            int256 inside = radii[s] * radii[s] / one - miss;
            if (inside < 0) continue;
            int256 distance = along - root(inside * one);
            if (distance > 0 && distance < nearest) (nearest, hit) = (distance, s);
        }
        if (hit == 3) return 0;
        Vector memory normal = Vector(
            ray.x * nearest / one - centers[hit].x,
            ray.y * nearest / one - centers[hit].y,
            ray.z * nearest / one - centers[hit].z
        );
        int256 light = -dot(unit(normal), ray);
        return light > 0 ? uint256(light) : 0;
    }

    function dot(Vector memory a, Vector memory b) private pure returns (int256) {
        return (a.x * b.x + a.y * b.y + a.z * b.z) / one;
    }

    function unit(Vector memory a) private pure returns (Vector memory) {
        int256 length = root(dot(a, a) * one);
        return Vector(a.x * one / length, a.y * one / length, a.z * one / length);
    }

    /// Newton's square root, rounded down.
    function root(int256 x) private pure returns (int256 y) {
        y = x;
        int256 next = (x + 1) / 2;
        while (next < y) {
            y = next;
            next = (x / next + next) / 2;
        }
    }
}
