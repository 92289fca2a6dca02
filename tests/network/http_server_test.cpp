#include "network/http_server.hpp"

#include "network/http_client.hpp"
#include "tests/network/http_fixture.hpp"

namespace sluice::network {
namespace {

using namespace std::chrono_literals;

std::string status_line(const std::string& response) {
    return response.substr(0, response.find("\r\n"));
}

TEST_F(HttpServerTest, request_reaches_the_handler_with_its_parts) {
    HttpRequest seen;
    Event done;
    serve({}, {.on_request = [&](HttpRequest request, Responder respond) {
              seen = std::move(request);
              done.set();
              respond({.status = 201, .content_type = "text/x", .body = "ok", .headers = {{"X-A", "b"}}});
          }});
    RawClient client(port());
    client.send(
        "POST /a?b=c HTTP/1.1\r\nHost: localhost:1\r\nContent-Type: application/json\r\n"
        "Authorization: Bearer x\r\nOrigin: http://o\r\nAccept: y\r\nContent-Length: 2\r\n\r\n{}");
    const std::string response = client.read_response();
    ASSERT_TRUE(done.wait());
    EXPECT_EQ(response,
              "HTTP/1.1 201 Created\r\nContent-Type: text/x\r\nContent-Length: 2\r\nX-A: b\r\n\r\nok");
    EXPECT_EQ(seen.method, HttpMethod::post);
    EXPECT_EQ(seen.target, "/a?b=c");
    EXPECT_EQ(seen.body, "{}");
    EXPECT_EQ(seen.host, "localhost:1");
    EXPECT_EQ(seen.authorization, "Bearer x");
    EXPECT_EQ(seen.origin, "http://o");
    EXPECT_EQ(seen.accept, "y");
    EXPECT_EQ(seen.remote_ip, "127.0.0.1");
}

TEST_F(HttpServerTest, one_connection_serves_many_requests) {
    serve();
    RawClient client(port());
    for (int i = 0; i < 100; ++i) {
        client.send(post("{\"i\":" + std::to_string(i) + "}"));
        EXPECT_TRUE(client.read_response().ends_with("{\"i\":" + std::to_string(i) + "}"));
    }
    EXPECT_EQ(server_->counters().requests, 100u);
    EXPECT_EQ(server_->counters().connections, 1u);
}

TEST_F(HttpServerTest, pipelined_requests_are_answered_in_order) {
    serve();
    RawClient client(port());
    std::string burst;
    for (int i = 0; i < 200; ++i)
        burst += post(std::to_string(i));
    client.send(burst);
    for (int i = 0; i < 200; ++i) {
        EXPECT_TRUE(client.read_response().ends_with("\r\n\r\n" + std::to_string(i))) << i;
    }
}

TEST_F(HttpServerTest, pipelined_request_waits_until_the_one_before_is_answered) {
    Event first_arrived;
    std::vector<Responder> kept;
    std::atomic<int> arrived = 0;
    serve({}, {.on_request = [&](HttpRequest request, Responder respond) {
              ++arrived;
              if (request.target != "/slow") return respond.json("2");
              kept.push_back(respond);
              first_arrived.set();
          }});
    RawClient client(port());
    client.send("GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\nGET /fast HTTP/1.1\r\nHost: localhost\r\n\r\n");
    ASSERT_TRUE(first_arrived.wait());
    EXPECT_EQ(arrived.load(), 1);
    // From this thread, not the server's.
    kept.front().json("1");
    EXPECT_TRUE(client.read_response().ends_with("\r\n\r\n1"));
    EXPECT_TRUE(client.read_response().ends_with("\r\n\r\n2"));
}

TEST_F(HttpServerTest, only_the_first_answer_counts) {
    serve({}, {.on_request = [](HttpRequest, Responder respond) {
              respond.json("1");
              respond.json("2");
          }});
    RawClient client(port());
    for (int i = 0; i < 3; ++i) {
        client.send(post("{}"));
        EXPECT_TRUE(client.read_response().ends_with("\r\n\r\n1"));
    }
}

TEST_F(HttpServerTest, request_that_the_handler_forgets_is_answered_with_500) {
    serve({}, {.on_request = [](HttpRequest, Responder) {}});
    RawClient client(port());
    client.send(post("{}"));
    EXPECT_EQ(status_line(client.read_response()), "HTTP/1.1 500 Internal Server Error");
}

TEST_F(HttpServerTest, request_arriving_byte_by_byte_is_understood) {
    serve();
    RawClient client(port());
    for (const char c : post("{\"slow\":1}"))
        client.send(std::string(1, c));
    EXPECT_TRUE(client.read_response().ends_with("{\"slow\":1}"));
}

TEST_F(HttpServerTest, chunked_body_is_understood) {
    serve();
    RawClient client(port());
    client.send(
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        "Transfer-Encoding: chunked\r\n\r\n3\r\n{\"a\r\n4\r\n\":1}\r\n0\r\n\r\n");
    EXPECT_TRUE(client.read_response().ends_with("{\"a\":1}"));
}

TEST_F(HttpServerTest, client_that_expects_100_continue_is_told_to_go_on) {
    serve();
    RawClient client(port());
    client.send(
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(client.read_response(), "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("{}");
    EXPECT_TRUE(client.read_response().ends_with("{}"));
}

TEST_F(HttpServerTest, head_request_gets_the_length_and_no_body) {
    serve();
    RawClient client(port());
    client.send("HEAD /x HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const std::string response = client.read_response(false);
    EXPECT_NE(response.find("Content-Length: 6"), std::string::npos);
    client.send(post("[]"));
    EXPECT_TRUE(client.read_response().ends_with("\r\n\r\n[]"));
}

TEST_F(HttpServerTest, old_http_and_connection_close_end_after_one_answer) {
    serve();
    for (const char* head : {"GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
                             "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"}) {
        RawClient client(port());
        client.send(head);
        EXPECT_NE(client.read_response().find("Connection: close"), std::string::npos);
        EXPECT_TRUE(client.is_closed_by_server());
    }
}

TEST_F(HttpServerTest, line_without_end_inside_a_chunked_body_is_refused_and_hurts_nobody_else) {
    serve();
    const std::string head =
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        "Transfer-Encoding: chunked\r\n\r\n";
    for (const std::string& begin : {std::string("5;name="), std::string("0\r\nname: ")}) {
        RawClient client(port());
        client.send(head + begin + std::string(200'000, 'x'));
        EXPECT_EQ(status_line(client.read_response()), "HTTP/1.1 400 Bad Request");
    }
    RawClient other(port());
    other.send(
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        "Content-Length: 2\r\n\r\n{}");
    EXPECT_EQ(status_line(other.read_response()), "HTTP/1.1 200 OK");
}

TEST_F(HttpServerTest, body_over_the_limit_is_413_whether_announced_or_chunked) {
    serve({.body_bytes = 1'000});
    RawClient announced(port());
    announced.send(post(std::string(1'001, 'x')));
    EXPECT_EQ(status_line(announced.read_response()), "HTTP/1.1 413 Payload Too Large");
    EXPECT_TRUE(announced.is_closed_by_server());
    RawClient chunked(port());
    chunked.send(
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        "Transfer-Encoding: chunked\r\n\r\n3e9\r\n" +
        std::string(1'001, 'x') + "\r\n0\r\n\r\n");
    EXPECT_EQ(status_line(chunked.read_response()), "HTTP/1.1 413 Payload Too Large");
    RawClient fitting(port());
    fitting.send(post(std::string(1'000, 'x')));
    EXPECT_EQ(status_line(fitting.read_response()), "HTTP/1.1 200 OK");
}

TEST_F(HttpServerTest, body_over_the_limit_is_never_read_as_header_or_request) {
    serve({.body_bytes = 10});
    RawClient client(port());
    client.send(post("X: y\r\nContent-Length: 2\r\n\r\n{}" + post("{}")));
    EXPECT_EQ(status_line(client.read_response()), "HTTP/1.1 413 Payload Too Large");
    EXPECT_TRUE(client.is_closed_by_server());
    EXPECT_EQ(requests_.load(), 0);
}

TEST_F(HttpServerTest, client_still_sending_a_large_body_reads_the_413) {
    serve();
    RawClient client(port());
    client.send(post(std::string(http_body_bytes_max + 1, 'x')));
    EXPECT_EQ(status_line(client.read_response()), "HTTP/1.1 413 Payload Too Large");
}

TEST_F(HttpServerTest, bodies_of_all_requests_together_are_bounded_and_give_their_room_back) {
    serve();
    const std::size_t fitting = http_bodies_bytes_max / http_body_bytes_max;
    const std::string announcement =
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        "Expect: 100-continue\r\nContent-Length: " +
        std::to_string(http_body_bytes_max) + "\r\n\r\n";
    std::vector<std::unique_ptr<RawClient>> clients;
    for (std::size_t i = 0; i < fitting; ++i) {
        clients.push_back(std::make_unique<RawClient>(port()));
        clients.back()->send(announcement);
        EXPECT_EQ(status_line(clients.back()->read_response(false)), "HTTP/1.1 100 Continue");
    }
    RawClient late(port());
    late.send(announcement);
    EXPECT_EQ(status_line(late.read_response()), "HTTP/1.1 503 Service Unavailable");
    clients.front()->send(std::string(http_body_bytes_max, 'x'));
    EXPECT_EQ(status_line(clients.front()->read_response()), "HTTP/1.1 200 OK");
    RawClient later(port());
    later.send(announcement);
    EXPECT_EQ(status_line(later.read_response(false)), "HTTP/1.1 100 Continue");
}

TEST_F(HttpServerTest, answers_that_nobody_reads_are_bounded_and_give_their_room_back) {
    constexpr std::size_t answer_bytes = 32 * mebibyte;
    serve({}, {.on_request = [](HttpRequest, Responder respond) {
              respond.json(std::string(answer_bytes, 'x'));
          }});
    const std::size_t fitting = http_answers_bytes_max / answer_bytes;
    std::vector<std::unique_ptr<RawClient>> idle;
    for (std::size_t i = 0; i < fitting; ++i) {
        idle.push_back(std::make_unique<RawClient>(port()));
        idle.back()->send(post("{}"));
    }
    for (auto& client : idle)
        ASSERT_TRUE(client->read_a_little());
    RawClient late(port());
    late.send(post("{}"));
    EXPECT_EQ(status_line(late.read_response()), "HTTP/1.1 503 Service Unavailable");
    EXPECT_EQ(status_line(idle.front()->read_response()), "HTTP/1.1 200 OK");
    RawClient later(port());
    later.send(post("{}"));
    EXPECT_EQ(status_line(later.read_response()), "HTTP/1.1 200 OK");
}

TEST_F(HttpServerTest, header_over_the_limit_is_431) {
    serve();
    RawClient client(port());
    client.send("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + std::string(http_header_bytes_max, 'x') +
                "\r\n\r\n");
    EXPECT_EQ(status_line(client.read_response()), "HTTP/1.1 431 Request Header Fields Too Large");
}

TEST_F(HttpServerTest, content_type_other_than_json_is_415) {
    serve();
    for (const char* type : {"text/plain", "application/x-www-form-urlencoded", ""}) {
        RawClient client(port());
        client.send(post("{}", "", type));
        EXPECT_EQ(status_line(client.read_response()), "HTTP/1.1 415 Unsupported Media Type") << type;
    }
    EXPECT_EQ(requests_.load(), 0);
    EXPECT_EQ(server_->counters().refused_requests, 3u);
}

TEST_F(HttpServerTest, host_that_is_not_allowed_is_403_and_a_missing_one_400) {
    serve({.allowed_hosts = {"node.bank.example"}});
    const auto status_for = [&](const std::string& host_line) {
        RawClient client(port());
        client.send("GET / HTTP/1.1\r\n" + host_line + "\r\n");
        return status_line(client.read_response());
    };
    EXPECT_EQ(status_for("Host: evil.example\r\n"), "HTTP/1.1 403 Forbidden");
    EXPECT_EQ(status_for(""), "HTTP/1.1 400 Bad Request");
    EXPECT_EQ(status_for("Host: node.bank.example:8545\r\n"), "HTTP/1.1 200 OK");
    EXPECT_EQ(requests_.load(), 1);
}

TEST_F(HttpServerTest, request_with_two_ideas_of_its_length_is_refused) {
    serve();
    for (const char* lengths :
         {"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n",
          "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n", "Content-Length: 2\r\nContent-Length: 3\r\n",
          "Content-Length: -1\r\n", "Content-Length: 99999999999999999999999\r\n"}) {
        RawClient client(port());
        client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" +
                    std::string(lengths) + "\r\n{}");
        const std::string status = status_line(client.read_response());
        EXPECT_TRUE(status == "HTTP/1.1 400 Bad Request" || status == "HTTP/1.1 413 Payload Too Large")
            << lengths << status;
        EXPECT_TRUE(client.is_closed_by_server());
    }
    EXPECT_EQ(requests_.load(), 0);
}

TEST_F(HttpServerTest, what_is_no_http_is_refused) {
    serve();
    for (const char* text :
         {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n", "GET /\r\n\r\n", "hello\r\n\r\n"}) {
        RawClient client(port());
        client.send(text);
        EXPECT_EQ(status_line(client.read_response()), "HTTP/1.1 400 Bad Request");
    }
    RawClient client(port());
    client.send("DELETE / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    EXPECT_EQ(status_line(client.read_response()), "HTTP/1.1 405 Method Not Allowed");
}

TEST_F(HttpServerTest, cross_origin_pages_are_not_served_unless_listed) {
    serve({.allowed_origins = {"https://wallet.example"}});
    const std::string preflight =
        "OPTIONS / HTTP/1.1\r\nHost: localhost\r\nAccess-Control-Request-Method: POST\r\n";
    RawClient stranger(port());
    stranger.send(preflight + "Origin: https://evil.example\r\n\r\n");
    EXPECT_EQ(status_line(stranger.read_response()), "HTTP/1.1 403 Forbidden");
    RawClient wallet(port());
    wallet.send(preflight + "Origin: https://wallet.example\r\n\r\n");
    const std::string answer = wallet.read_response();
    EXPECT_EQ(status_line(answer), "HTTP/1.1 204 No Content");
    EXPECT_NE(answer.find("Access-Control-Allow-Origin: https://wallet.example"), std::string::npos);
    wallet.send(post("{}", "Origin: https://wallet.example\r\n"));
    EXPECT_NE(wallet.read_response().find("Access-Control-Allow-Origin: https://wallet.example"),
              std::string::npos);
    wallet.send(post("{}"));
    EXPECT_EQ(wallet.read_response().find("Access-Control"), std::string::npos);
}

TEST_F(HttpServerTest, slow_header_slow_body_and_idle_connection_are_closed) {
    serve({.header_deadline = 60ms, .body_deadline = 60ms, .idle_deadline = 60ms});
    RawClient idle(port());
    RawClient header(port());
    header.send("GET / HT");
    RawClient body(port());
    body.send(
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{");
    EXPECT_TRUE(idle.is_closed_by_server());
    EXPECT_TRUE(header.is_closed_by_server());
    EXPECT_TRUE(body.is_closed_by_server());
}

TEST_F(HttpServerTest, connections_over_the_limit_are_closed_and_a_freed_place_is_used_again) {
    serve({.connections_per_ip = 2});
    auto first = std::make_unique<RawClient>(port());
    first->send(post("1"));
    EXPECT_FALSE(first->read_response().empty());
    RawClient second(port());
    second.send(post("2"));
    EXPECT_FALSE(second.read_response().empty());
    RawClient third(port());
    EXPECT_TRUE(third.is_closed_by_server());
    EXPECT_EQ(server_->counters().refused_connections, 1u);
    first.reset();
    std::string answer;
    for (int attempt = 0; answer.empty() && attempt < 1'000; ++attempt) {
        RawClient fourth(port());
        fourth.send(post("4"));
        answer = fourth.read_response();
    }
    EXPECT_TRUE(answer.ends_with("4"));
}

TEST_F(HttpServerTest, large_answer_arrives_whole) {
    const std::string large(20 * mebibyte, 'z');
    serve({}, {.on_request = [&](HttpRequest, Responder respond) { respond.json(large); }});
    RawClient client(port());
    client.send(post("{}"));
    EXPECT_TRUE(client.read_response().ends_with("\r\n\r\n" + large));
}

TEST_F(HttpServerTest, stopped_server_closes_its_connections_and_calls_no_handler) {
    serve();
    RawClient client(port());
    client.send(post("{}"));
    EXPECT_FALSE(client.read_response().empty());
    server_->stop();
    EXPECT_TRUE(client.is_closed_by_server());
    EXPECT_EQ(requests_.load(), 1);
}

TEST_F(HttpServerTest, answer_given_after_the_client_has_gone_is_harmless) {
    Event arrived;
    std::vector<Responder> kept;
    serve({}, {.on_request = [&](HttpRequest, Responder respond) {
              kept.push_back(respond);
              arrived.set();
          }});
    {
        RawClient client(port());
        client.send(post("{}"));
        ASSERT_TRUE(arrived.wait());
    }
    kept.front().json("too late");
    kept.clear();
    RawClient next(port());
    EXPECT_EQ(server_->counters().requests, 1u);
}

TEST_F(HttpServerTest, port_in_use_is_an_error_that_names_it) {
    serve();
    const auto second = HttpServer::listen(loop_.io(), {.listen_port = port()},
                                           {.on_request = [](HttpRequest, Responder) {}});
    ASSERT_FALSE(second.has_value());
    EXPECT_NE(second.error().find(std::to_string(port())), std::string::npos);
}

}  // namespace
}  // namespace sluice::network
