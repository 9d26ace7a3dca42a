// The sockets and timers of this layer, bound to an io_context by type: Asio's type-erased
// executor costs an allocation here and there.
#pragma once

#include <chrono>
#include <cstddef>
#include <tuple>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>

#include "base/task.h"

namespace assay::http {

using Tcp = asio::ip::tcp;
using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<Tcp, Executor>;
using Acceptor = asio::basic_socket_acceptor<Tcp, Executor>;
using SteadyClock = std::chrono::steady_clock;
using Timer = asio::basic_waitable_timer<SteadyClock, asio::wait_traits<SteadyClock>, Executor>;

// To await an operation without an exception for its error.
inline constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

// How reading ended, and how many bytes there are.
using Received = std::tuple<boost::system::error_code, std::size_t>;

} // namespace assay::http
