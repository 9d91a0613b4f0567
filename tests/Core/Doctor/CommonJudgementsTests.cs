using Dweb.Core.Doctor;

namespace Dweb.Core.Tests.Doctor;

public sealed class CommonJudgementsTests
{
    [Theory]
    [InlineData(1_010UL, FindingState.Ok)]
    [InlineData(1_015UL, FindingState.Ok)]
    [InlineData(880UL, FindingState.Ok)]
    [InlineData(879UL, FindingState.Warning)]
    [InlineData(1_016UL, FindingState.Wrong)]
    public void A_clock_is_judged_by_the_newest_block(ulong head, FindingState expected)
    {
        var finding = CommonJudgements.Clock(1_000, head);
        Assert.Equal((expected, expected != FindingState.Ok), (finding.State, finding.Mend is { Length: > 0 }));
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite, false)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.GroupRead, true)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.OtherWrite, true)]
    public void A_secret_is_for_its_owner_alone(UnixFileMode mode, bool open) => Assert.Equal(open, CommonJudgements.IsOpenToOthers(mode));
}
