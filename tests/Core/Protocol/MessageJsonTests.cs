using System.Text;
using System.Text.Json;
using Dweb.Core.Protocol.Http;

namespace Dweb.Core.Tests.Protocol;

public sealed class MessageJsonTests
{
    [Theory]
    [InlineData("""{"agentId":"a","incarnation":1,"sequence":1,"sequence":2,"version":"1","leases":[]}""")]
    [InlineData("""{"agentId":"a","incarnation":1,"sequence":1,"Sequence":2,"version":"1","leases":[]}""")]
    [InlineData("""{"agentId":"a","incarnation":1,"sequence":1,"version":"1","leases":[],"leases":[]}""")]
    public void A_message_that_says_a_thing_twice_is_refused(string json) =>
        Assert.Throws<JsonException>(() => MessageJson.Read(Encoding.UTF8.GetBytes(json), DwebJson.Default.HeartbeatRequest));

    [Theory]
    [InlineData("""{"agentId":"a","incarnation":1,"sequence":1,"version":"1","leases":[null]}""")]
    [InlineData("""{"agentId":null,"incarnation":1,"sequence":1,"version":"1","leases":[]}""")]
    [InlineData("""null""")]
    public void A_message_with_nothing_where_something_belongs_is_refused(string json) =>
        Assert.Throws<JsonException>(() => MessageJson.Read(Encoding.UTF8.GetBytes(json), DwebJson.Default.HeartbeatRequest));

    [Fact]
    public void A_value_that_may_be_missing_may_be_null()
    {
        byte[] json = Encoding.UTF8.GetBytes("""{"lines":["a","b"],"truncated":false,"error":null,"mark":null}""");
        Assert.Equal(["a", "b"], MessageJson.Read(json, DwebJson.Default.LogAnswer).Lines);
    }
}
