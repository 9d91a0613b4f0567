// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";

import {VectorFile} from "./vectors/VectorFile.sol";
import {vm} from "./Vm.sol";

contract VectorsPermitsTest is VectorFile {
    struct Permit {
        address owner;
        address spender;
        uint256 value;
        uint256 nonce;
        uint256 deadline;
    }

    struct PermitVector {
        Permit permit;
        uint256 key;
        uint64 chainId;
        address verifyingContract;
        bytes32 digest;
    }

    uint256 private constant SLOTS = 16;

    function test_the_token_takes_permits_that_sign_the_digest_of_the_vectors() public {
        string memory type_ =
            "PermitVector(JsonPermit permit,uint256 key,uint64 chainId,address verifyingContract,bytes32 digest)JsonPermit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)";
        PermitVector[] memory cases = abi.decode(_read("hashes", ".permits", type_), (PermitVector[]));
        assertEq(cases.length, 20, "cases");
        bytes memory code = vm.deployCode("DwebToken.sol:DwebToken", abi.encode(address(this))).code;
        for (uint256 i = 0; i < cases.length; ++i) {
            PermitVector memory c = cases[i];
            vm.chainId(c.chainId);
            vm.warp(c.permit.deadline);
            vm.etch(c.verifyingContract, code);
            _setNonce(c.verifyingContract, c.permit.owner, c.permit.nonce);
            _permit(c);
            IERC20 token = IERC20(c.verifyingContract);
            assertEq(token.allowance(c.permit.owner, c.permit.spender), c.permit.value, _at("allowance", i));
        }
    }

    function _permit(PermitVector memory c) private {
        Permit memory p = c.permit;
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(c.key, c.digest);
        IERC20Permit(c.verifyingContract).permit(p.owner, p.spender, p.value, p.deadline, v, r, s);
    }

    /// @dev Where the token keeps nonces is not its interface, so every slot is tried.
    function _setNonce(address token, address owner, uint256 nonce) private {
        for (uint256 slot = 0; slot < SLOTS; ++slot) {
            bytes32 place = keccak256(abi.encode(owner, slot));
            bytes32 before = vm.load(token, place);
            vm.store(token, place, bytes32(nonce));
            if (nonce > 0 && IERC20Permit(token).nonces(owner) == nonce) return;
            vm.store(token, place, before);
        }
        assertEq(IERC20Permit(token).nonces(owner), nonce, "nonce");
    }
}
