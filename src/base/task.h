// Task<T>: a coroutine on an Asio executor. The one header that names Asio's awaitable.
#pragma once

#include <boost/asio/awaitable.hpp>

namespace assay {

namespace asio = boost::asio;

template <class T> using Task = asio::awaitable<T>;

} // namespace assay
