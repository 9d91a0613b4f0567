using Dweb.Core.Protocol.Messages;

namespace Dweb.Core.Tests.Protocol;

public sealed class SkipSentencesTests
{
    [Fact]
    public void Every_code_has_a_sentence_of_its_own()
    {
        var sentences = Enum.GetValues<SkipCode>().Select(SkipSentences.Of).ToList();
        Assert.Equal(sentences.Count, sentences.Distinct().Count());
        Assert.DoesNotContain(sentences, static sentence => sentence.Contains("with code", StringComparison.Ordinal));
    }

    [Fact]
    public void A_code_of_a_newer_lease_book_is_named_by_its_number() => Assert.Contains("200", SkipSentences.Of((SkipCode)200), StringComparison.Ordinal);
}
