using Dweb.Chain.Abi;
namespace Dweb.Chain.Contracts;
internal static class ContractErrors { public static ContractError Decode(ReadOnlyMemory<byte> data) => ContractError.DecodeStandard(data); }
