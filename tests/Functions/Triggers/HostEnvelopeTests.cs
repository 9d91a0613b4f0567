using System.Text.Json;
using System.Text.Json.Nodes;
using Dweb.Functions.Triggers;

namespace Dweb.Functions.Tests.Triggers;

/// <summary>Against what a real Functions host sent, request by request.</summary>
public sealed class HostEnvelopeTests
{
    [Theory]
    [InlineData("queue-text-dequeue-1", "plain boom")]
    [InlineData("queue-text-dequeue-3", "plain boom")]
    [InlineData("queue-json-message-overwrites-Id", """{"id":7,"text":"hello"}""")]
    public void A_queue_message_is_read_as_it_was_sent(string wireCase, string message) =>
        Assert.Equal(message, new HostEnvelope(Body(wireCase)).Text("msg"));

    [Fact]
    public void A_queue_message_that_a_host_encodes_once_is_read_too() =>
        Assert.Equal("0xabc", new HostEnvelope(JsonNode.Parse("""{"Data":{"message":"0xabc"},"Metadata":{}}""")).Text("message"));

    [Theory]
    [InlineData("timer-without-status", "2026-11-23T04:08:50.0877835Z")]
    [InlineData("timer-with-status", "2026-11-23T04:04:09.3885121Z")]
    public void A_timer_tells_when_it_fired(string wireCase, string time) =>
        Assert.Equal(DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture), new HostEnvelope(Body(wireCase)).WrittenAt());

    [Fact]
    public void An_activitys_input_and_instance_are_read() =>
        Assert.Equal(("""{"n":9}""", "inst9"), (new HostEnvelope(Body("activity-object-input")).Text("input"), new HostEnvelope(Body("activity-object-input")).InstanceId()));

    [Fact]
    public void A_durable_client_is_read() =>
        Assert.Equal("fhub", (string?)JsonNode.Parse(new HostEnvelope(Body("http-with-durable-client")).Text("client"))!["taskHubName"]);

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"Data":{}}""")]
    [InlineData("""{"Data":{"message":7}}""")]
    public void What_is_no_envelope_is_refused(string json) => Assert.Throws<JsonException>(() => new HostEnvelope(JsonNode.Parse(json)).Text("message"));

    [Fact]
    public void The_answer_is_never_empty_and_names_a_return_value()
    {
        var answer = JsonNode.Parse(HostEnvelope.Success)!.AsObject();
        Assert.True(answer.ContainsKey("ReturnValue") && answer.ContainsKey("Outputs") && answer.ContainsKey("Logs"));
    }

    private static JsonNode? Body(string wireCase) => File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Triggers", "wire.jsonl"))
        .Select(static line => JsonNode.Parse(line)!)
        .Where(line => (string?)line["case"] == wireCase)
        .Select(static line => JsonNode.Parse((string)line["body"]!))
        .Single();
}
