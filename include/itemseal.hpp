/**
 * @file itemseal.hpp
 * itemseal for C++17 and later, over itemseal.h and in this header only: link with libitemseal.
 *
 * - **Failures.** Functions that can fail throw `itemseal::error`. With `ITEMSEAL_NO_EXCEPTIONS` defined they return an
 *   `itemseal::result<T>`, which holds a value or an `itemseal::error`, instead; `maybe<T>` stands for either. Define it, or
 *   do not, for all of a program.
 * - **Handles** are moved, never copied, and freed by their destructor. One that was moved from may be destroyed and assigned
 *   to; calls with it fail with `ITEMSEAL_STATUS_INVALID_ARGUMENT`.
 * - **Threads.** As itemseal.h says of each type: `const` member functions of encryptors, keyrings and configurations may be
 *   called by many threads.
 * - **Views** (`std::string_view`, `bytes_view`, `value_view`) that are given back are borrowed from the item, the value or the
 *   buffer that they are in, until that is changed or destroyed.
 */

#ifndef ITEMSEAL_HPP
#define ITEMSEAL_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <iterator>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#ifndef ITEMSEAL_NO_EXCEPTIONS
#include <exception>
#endif

#include "itemseal.h"

namespace itemseal {

/** Bytes that are borrowed: what `std::span<const std::uint8_t>` is in C++20. */
class bytes_view {
public:
    /** No bytes. */
    constexpr bytes_view() noexcept = default;
    /** `size` bytes from `data` on. */
    constexpr bytes_view(const std::uint8_t *data, std::size_t size) noexcept : data_(data), size_(size) {}
    /** The bytes of anything that has them in a row: an array, a vector, a span. */
    template <class Bytes, class = std::enable_if_t<
        std::is_convertible_v<decltype(std::data(std::declval<const Bytes &>())), const std::uint8_t *>>>
    constexpr bytes_view(const Bytes &bytes) noexcept : data_(std::data(bytes)), size_(std::size(bytes)) {}
    /** The bytes of text. */
    static bytes_view of(std::string_view text) noexcept {
        return {reinterpret_cast<const std::uint8_t *>(text.data()), text.size()};
    }
    /** The first byte; may be null if there is none. */
    constexpr const std::uint8_t *data() const noexcept { return data_; }
    /** How many there are. */
    constexpr std::size_t size() const noexcept { return size_; }
    /** Whether there is none. */
    constexpr bool empty() const noexcept { return size_ == 0; }
    /** For range-for. */
    constexpr const std::uint8_t *begin() const noexcept { return data_; }
    /** For range-for. */
    constexpr const std::uint8_t *end() const noexcept { return size_ == 0 ? data_ : data_ + size_; }
    /** A byte, counted from 0; there must be one. */
    constexpr std::uint8_t operator[](std::size_t index) const noexcept { return data_[index]; }

private:
    const std::uint8_t *data_ = nullptr;
    std::size_t size_ = 0;
};

/** The library's version, such as `0.1.0`. */
inline std::string_view version() noexcept { return itemseal_version(); }

/** Whether the library that was loaded fits this header. */
inline bool is_compatible() noexcept { return itemseal_abi_version() == ITEMSEAL_ABI_VERSION; }

/** Why a call failed. It holds no plaintext and no key. Copies share it. */
class error
#ifndef ITEMSEAL_NO_EXCEPTIONS
    : public std::exception
#endif
{
public:
    /** What a function of itemseal.h left: takes `told` over. */
    explicit error(itemseal_status status, itemseal_error *told = nullptr)
        : status_(status), told_(told, itemseal_error_free) {}
    /** A failure of the program's own, such as of its key service. The message should name no secret. */
    error(itemseal_status status, std::string message, bool retryable = false)
        : status_(status), said_(std::make_shared<const std::string>(std::move(message))), retryable_(retryable) {}
    /** The status that the call returned. */
    itemseal_status status() const noexcept { return status_; }
    /** What is wrong and what to do, in one sentence. */
    const char *what() const noexcept
#ifndef ITEMSEAL_NO_EXCEPTIONS
        override
#endif
    {
        if (said_) {
            return said_->c_str();
        }
        return told_ ? itemseal_error_message(told_.get()) : "itemseal: the call failed";
    }
    /** The attribute that it is about; empty if it is about none. */
    std::string_view attribute() const noexcept { return text(itemseal_error_attribute(told_.get())); }
    /** The AWS Region that answered, or did not; empty if none was asked. */
    std::string_view region() const noexcept { return text(itemseal_error_region(told_.get())); }
    /** The AWS service's error code, such as `DisabledException`; empty if there is none. */
    std::string_view code() const noexcept { return text(itemseal_error_code(told_.get())); }
    /** The AWS service's request id; empty if there is none. */
    std::string_view request_id() const noexcept { return text(itemseal_error_request_id(told_.get())); }
    /** Whether the same call can succeed later, or in another Region. */
    bool retryable() const noexcept { return retryable_ || itemseal_error_is_retryable(told_.get()); }
    /** What DynamoDB found when a condition did not hold, in JSON, if it was asked for; borrowed from this. */
    std::string_view found() const noexcept {
        const itemseal_bytes found = itemseal_error_found(told_.get());
        return {reinterpret_cast<const char *>(found.data), found.length};
    }

private:
    static std::string_view text(const char *text) noexcept { return text == nullptr ? std::string_view() : text; }

    itemseal_status status_;
    std::shared_ptr<itemseal_error> told_;
    std::shared_ptr<const std::string> said_;
    bool retryable_ = false;
};

/** Of a function that gives nothing. */
struct nothing {};

/** A value, or why there is none. */
template <class T> class [[nodiscard]] result {
public:
    /** A value. */
    result(T value) : held_(std::in_place_index<0>, std::move(value)) {}
    /** A failure. */
    result(itemseal::error error) : held_(std::in_place_index<1>, std::move(error)) {}
    /** Whether there is a value. */
    bool has_value() const noexcept { return held_.index() == 0; }
    /** Whether there is a value. */
    explicit operator bool() const noexcept { return has_value(); }
    /** The value; there must be one, or the program ends. */
    T &value() & { return checked(std::get_if<0>(&held_)); }
    /** The value; there must be one, or the program ends. */
    const T &value() const & { return checked(std::get_if<0>(&held_)); }
    /** The value, moved out; there must be one, or the program ends. */
    T &&value() && { return std::move(checked(std::get_if<0>(&held_))); }
    /** The value; there must be one, or the program ends. */
    T &operator*() & { return value(); }
    /** The value, moved out; there must be one, or the program ends. */
    T &&operator*() && { return std::move(*this).value(); }
    /** The value; there must be one, or the program ends. */
    T *operator->() { return &value(); }
    /** The failure; there must be one, or the program ends. */
    const itemseal::error &error() const { return checked(std::get_if<1>(&held_)); }

private:
    template <class P> static P &checked(P *held) {
        if (held == nullptr) {
            std::abort();
        }
        return *held;
    }

    std::variant<T, itemseal::error> held_;
};

#ifdef ITEMSEAL_NO_EXCEPTIONS
template <class T> using maybe = result<std::conditional_t<std::is_void_v<T>, nothing, T>>;
#else
/** What a function that can fail returns: `T`, or with `ITEMSEAL_NO_EXCEPTIONS` a `result` of it. */
template <class T> using maybe = T;
#endif

namespace detail {

[[noreturn]] inline void unreachable() noexcept { std::abort(); }

/* What a function of C returned, as this header's functions return it: `make` makes the value if it succeeded. */
template <class T, class Make> maybe<T> outcome(itemseal_status status, itemseal_error *told, Make &&make) {
    if (status != ITEMSEAL_STATUS_OK) {
#ifdef ITEMSEAL_NO_EXCEPTIONS
        return error(status, told);
#else
        throw error(status, told);
#endif
    }
#ifdef ITEMSEAL_NO_EXCEPTIONS
    if constexpr (std::is_void_v<T>) {
        return nothing{};
    } else {
        return maybe<T>(make());
    }
#else
    return make();
#endif
}

/* Calls `call(&error)` and gives nothing. */
template <class Call> maybe<void> run(Call &&call) {
    itemseal_error *told = nullptr;
    const itemseal_status status = call(&told);
    return outcome<void>(status, told, [] {});
}

/* Calls `call(&out, &error)` and gives `of(out)`. */
template <class T, class Raw, class Call, class Of> maybe<T> get(Call &&call, Of &&of) {
    Raw out{};
    itemseal_error *told = nullptr;
    const itemseal_status status = call(&out, &told);
    return outcome<T>(status, told, [&]() -> T { return of(out); });
}

/* The same where it is the value itself. */
template <class T, class Call> maybe<T> get(Call &&call) {
    return get<T, T>(std::forward<Call>(call), [](T out) { return out; });
}

inline std::string_view view(itemseal_text text) noexcept {
    return text.length == 0 ? std::string_view() : std::string_view(text.data, text.length);
}

inline bytes_view view(itemseal_bytes bytes) noexcept { return {bytes.data, bytes.length}; }

/* Null for text that was left out. */
inline const char *optional(std::string_view text) noexcept { return text.empty() ? nullptr : text.data(); }

inline itemseal_text text(std::string_view text) noexcept { return {text.data(), text.size()}; }

inline itemseal_bytes bytes(bytes_view bytes) noexcept { return {bytes.data(), bytes.size()}; }

/* A handle of C, owned. */
template <class Raw, void (*Free)(Raw *)> class handle {
public:
    /** Takes over what a function of itemseal.h gave. */
    explicit handle(Raw *raw) noexcept : raw_(raw) {}
    handle(handle &&other) noexcept : raw_(std::exchange(other.raw_, nullptr)) {}
    handle &operator=(handle &&other) noexcept {
        Free(std::exchange(raw_, std::exchange(other.raw_, nullptr))); // Moved onto itself it keeps what it has.
        return *this;
    }
    handle(const handle &) = delete;
    handle &operator=(const handle &) = delete;
    ~handle() { Free(raw_); }

    /** The handle, for functions of itemseal.h; still owned here. Null after it was moved from. */
    Raw *raw() const noexcept { return raw_; }
    /** Gives the handle up: it is the caller's to free. */
    Raw *release() noexcept { return std::exchange(raw_, nullptr); }

private:
    Raw *raw_;
};

/* Makes a handle of type `T` by `call(&raw, &error)`. */
template <class T, class Raw, class Call> maybe<T> make(Call &&call) {
    return get<T, Raw *>(std::forward<Call>(call), [](Raw *raw) { return T(raw); });
}

} // namespace detail

/** Bytes that the library made; wiped when destroyed. */
class buffer : public detail::handle<itemseal_buffer, itemseal_buffer_free> {
public:
    using handle::handle;
    /** The bytes; none after it was moved from. */
    bytes_view bytes() const noexcept {
        itemseal_bytes out{};
        return itemseal_buffer_bytes(raw(), &out, nullptr) == ITEMSEAL_STATUS_OK ? detail::view(out) : bytes_view();
    }
    /** The same as text, which JSON is. */
    std::string_view text() const noexcept {
        const bytes_view all = bytes();
        return {reinterpret_cast<const char *>(all.data()), all.size()};
    }
};

/** The types of values. */
enum class type : std::uint32_t {
    string = ITEMSEAL_TYPE_STRING,
    number = ITEMSEAL_TYPE_NUMBER,
    binary = ITEMSEAL_TYPE_BINARY,
    boolean = ITEMSEAL_TYPE_BOOL,
    null = ITEMSEAL_TYPE_NULL,
    string_set = ITEMSEAL_TYPE_STRING_SET,
    number_set = ITEMSEAL_TYPE_NUMBER_SET,
    binary_set = ITEMSEAL_TYPE_BINARY_SET,
    list = ITEMSEAL_TYPE_LIST,
    map = ITEMSEAL_TYPE_MAP,
};

/** What is done with an attribute: `itemseal_action`. */
enum class action : std::uint32_t {
    encrypt_and_sign = ITEMSEAL_ACTION_ENCRYPT_AND_SIGN,
    sign_only = ITEMSEAL_ACTION_SIGN_ONLY,
    sign_and_include_in_encryption_context = ITEMSEAL_ACTION_SIGN_AND_INCLUDE_IN_ENCRYPTION_CONTEXT,
    do_nothing = ITEMSEAL_ACTION_DO_NOTHING,
};

/** How items are encrypted and signed: `itemseal_suite`. */
enum class suite : std::uint32_t {
    hmac_only = ITEMSEAL_SUITE_HMAC_ONLY,
    ecdsa_p384 = ITEMSEAL_SUITE_ECDSA_P384,
};

/** How RSA pads what it wraps: `itemseal_rsa_padding`. */
enum class rsa_padding : std::uint32_t {
    pkcs1 = ITEMSEAL_RSA_PADDING_PKCS1,
    oaep_sha1 = ITEMSEAL_RSA_PADDING_OAEP_SHA1,
    oaep_sha256 = ITEMSEAL_RSA_PADDING_OAEP_SHA256,
    oaep_sha384 = ITEMSEAL_RSA_PADDING_OAEP_SHA384,
    oaep_sha512 = ITEMSEAL_RSA_PADDING_OAEP_SHA512,
};

/** A number as DynamoDB has it: text, of at most 38 significant digits. */
class number {
public:
    /** A number as text, such as `-0.5` or `1E3`. It is checked when the item is encrypted. */
    explicit number(std::string_view text) : text_(text) {}
    /** A whole number. */
    template <class Integer, std::enable_if_t<std::is_integral_v<Integer> && !std::is_same_v<Integer, bool>, int> = 0>
    explicit number(Integer whole) : text_(std::to_string(whole)) {}
    /** The text. */
    std::string_view text() const noexcept { return text_; }

private:
    std::string text_;
};

/** A set of strings (SS). */
struct string_set {
    /** The elements, no two equal. */
    std::vector<std::string> elements;
};

/** A set of numbers (NS). */
struct number_set {
    /** The elements, no two equal. */
    std::vector<number> elements;
};

/** A set of byte strings (BS). */
struct binary_set {
    /** The elements, no two equal. */
    std::vector<std::vector<std::uint8_t>> elements;
};

namespace detail {

inline std::vector<itemseal_text> raw(const string_set &set) {
    std::vector<itemseal_text> all;
    for (const auto &element : set.elements) {
        all.push_back(text(element));
    }
    return all;
}

inline std::vector<itemseal_text> raw(const number_set &set) {
    std::vector<itemseal_text> all;
    for (const auto &element : set.elements) {
        all.push_back(text(element.text()));
    }
    return all;
}

inline std::vector<itemseal_bytes> raw(const binary_set &set) {
    std::vector<itemseal_bytes> all;
    for (const auto &element : set.elements) {
        all.push_back(bytes(element));
    }
    return all;
}

/* Whole numbers and nothing else: a bool or a character is not meant as one. */
template <class T> constexpr bool is_whole = std::is_integral_v<T> && !std::is_same_v<T, bool> &&
    !std::is_same_v<T, char> && !std::is_same_v<T, wchar_t> && !std::is_same_v<T, char16_t> && !std::is_same_v<T, char32_t>;

} // namespace detail

struct attribute;
class attributes;

/** A value where it is, in an item or a value: borrowed. Cheap to copy. */
class value_view {
public:
    /** What a function of itemseal.h gave. */
    explicit value_view(itemseal_view raw) noexcept : raw_(raw) {}
    /** The view, for functions of itemseal.h. */
    itemseal_view raw() const noexcept { return raw_; }

    /** Its type. */
    maybe<itemseal::type> type() const {
        return detail::get<itemseal::type, itemseal_type>(
            [&](auto *out, auto *e) { return itemseal_view_type(raw_, out, e); },
            [](itemseal_type type) { return static_cast<itemseal::type>(type); });
    }
    /** A string's text. */
    maybe<std::string_view> string() const {
        return detail::get<std::string_view, itemseal_text>(
            [&](auto *out, auto *e) { return itemseal_view_string(raw_, out, e); },
            [](itemseal_text text) { return detail::view(text); });
    }
    /** A number's text. */
    maybe<std::string_view> number() const {
        return detail::get<std::string_view, itemseal_text>(
            [&](auto *out, auto *e) { return itemseal_view_number(raw_, out, e); },
            [](itemseal_text text) { return detail::view(text); });
    }
    /** A binary value's bytes. */
    maybe<bytes_view> binary() const {
        return detail::get<bytes_view, itemseal_bytes>(
            [&](auto *out, auto *e) { return itemseal_view_binary(raw_, out, e); },
            [](itemseal_bytes bytes) { return detail::view(bytes); });
    }
    /** True or false. */
    maybe<bool> boolean() const {
        return detail::get<bool>([&](bool *out, auto *e) { return itemseal_view_bool(raw_, out, e); });
    }
    /** How many elements a set, list or map has. */
    maybe<std::size_t> size() const {
        return detail::get<std::size_t>([&](std::size_t *out, auto *e) { return itemseal_view_count(raw_, out, e); });
    }
    /** A list's element, counted from 0. */
    maybe<value_view> at(std::size_t index) const {
        return detail::get<value_view, itemseal_view>(
            [&](auto *out, auto *e) { return itemseal_view_at(raw_, index, out, e); },
            [](itemseal_view view) { return value_view(view); });
    }
    /** A map's entry. */
    maybe<value_view> get(std::string_view name) const {
        return detail::get<value_view, itemseal_view>(
            [&](auto *out, auto *e) { return itemseal_view_get(raw_, name.data(), name.size(), out, e); },
            [](itemseal_view view) { return value_view(view); });
    }
    /** An element of a set of strings or numbers, counted from 0. */
    maybe<std::string_view> text_at(std::size_t index) const {
        return detail::get<std::string_view, itemseal_text>(
            [&](auto *out, auto *e) { return itemseal_view_text_at(raw_, index, out, e); },
            [](itemseal_text text) { return detail::view(text); });
    }
    /** An element of a set of byte strings, counted from 0. */
    maybe<bytes_view> binary_at(std::size_t index) const {
        return detail::get<bytes_view, itemseal_bytes>(
            [&](auto *out, auto *e) { return itemseal_view_binary_at(raw_, index, out, e); },
            [](itemseal_bytes bytes) { return detail::view(bytes); });
    }
    /** A map's entries, for range-for. */
    maybe<attributes> entries() const;

private:
    itemseal_view raw_;
};

/** An attribute of an item, or an entry of a map. */
struct attribute {
    /** Its name. */
    std::string_view name;
    /** What it holds. */
    value_view value;
};

/** Attributes in order, once: `for (auto [name, value] : item)`. Borrowed from what they are in, which must not change meanwhile. */
class attributes {
public:
    /** Goes through a cursor, which it takes over. */
    explicit attributes(itemseal_cursor *cursor) : cursor_(cursor, itemseal_cursor_free) {}

    /** An input iterator. */
    class iterator {
    public:
        /** Goes forward, once. */
        using iterator_category = std::input_iterator_tag;
        /** What there is. */
        using value_type = attribute;
        /** As iterators have it. */
        using difference_type = std::ptrdiff_t;
        /** As iterators have it. */
        using pointer = const attribute *;
        /** As iterators have it. */
        using reference = const attribute &;

        /** The end. */
        iterator() noexcept = default;
        /** The first of what the cursor has before it. */
        explicit iterator(std::shared_ptr<itemseal_cursor> cursor) : cursor_(std::move(cursor)) { ++*this; }
        /** The attribute here. */
        reference operator*() const noexcept { return here_; }
        /** The attribute here. */
        pointer operator->() const noexcept { return &here_; }
        /** Goes on to the next. */
        iterator &operator++() {
            bool found = false;
            itemseal_text name{};
            itemseal_view value{};
            if (itemseal_cursor_next(cursor_.get(), &found, &name, &value, nullptr) == ITEMSEAL_STATUS_OK && found) {
                here_ = attribute{detail::view(name), value_view(value)};
            } else {
                cursor_.reset();
            }
            return *this;
        }
        /** Goes on to the next. */
        iterator operator++(int) {
            iterator before = *this;
            ++*this;
            return before;
        }
        /** Whether both are at the end, or of one cursor. */
        friend bool operator==(const iterator &a, const iterator &b) noexcept { return a.cursor_ == b.cursor_; }
        /** The opposite. */
        friend bool operator!=(const iterator &a, const iterator &b) noexcept { return !(a == b); }

    private:
        std::shared_ptr<itemseal_cursor> cursor_;
        attribute here_{{}, value_view(itemseal_view{})};
    };

    /** The first that was not read yet. */
    iterator begin() const { return cursor_ ? iterator(cursor_) : iterator(); }
    /** The end. */
    iterator end() const noexcept { return {}; }

private:
    std::shared_ptr<itemseal_cursor> cursor_;
};

inline maybe<attributes> value_view::entries() const {
    return detail::get<attributes, itemseal_cursor *>(
        [&](auto *out, auto *e) { return itemseal_cursor_of_map(raw_, out, e); },
        [](itemseal_cursor *cursor) { return attributes(cursor); });
}

/** A value that is in no item yet: for lists and maps, built from the inside. Wiped when destroyed. */
class value : public detail::handle<itemseal_value, itemseal_value_free> {
public:
    using handle::handle;

    /** A string. */
    static maybe<value> of(std::string_view text) {
        return make([&](auto *out, auto *e) { return itemseal_value_string(text.data(), text.size(), out, e); });
    }
    /** A string. */
    static maybe<value> of(const char *text) { return of(std::string_view(text)); }
    /** A number. */
    static maybe<value> of(const itemseal::number &number) {
        return make([&](auto *out, auto *e) { return itemseal_value_number(number.text().data(), number.text().size(), out, e); });
    }
    /** A whole number, or true or false. */
    template <class T, std::enable_if_t<detail::is_whole<T> || std::is_same_v<T, bool>, int> = 0>
    static maybe<value> of(T plain) {
        if constexpr (std::is_same_v<T, bool>) {
            return make([&](auto *out, auto *e) { return itemseal_value_bool(plain ? 1 : 0, out, e); });
        } else {
            return of(itemseal::number(plain));
        }
    }
    /** Bytes. */
    static maybe<value> of(bytes_view bytes) {
        return make([&](auto *out, auto *e) { return itemseal_value_binary(bytes.data(), bytes.size(), out, e); });
    }
    /** Null. */
    static maybe<value> of(std::nullptr_t) {
        return make([](auto *out, auto *e) { return itemseal_value_null(out, e); });
    }
    /** A set of strings. */
    static maybe<value> of(const string_set &set) {
        const auto raw = detail::raw(set);
        return make([&](auto *out, auto *e) { return itemseal_value_string_set(raw.data(), raw.size(), out, e); });
    }
    /** A set of numbers. */
    static maybe<value> of(const number_set &set) {
        const auto raw = detail::raw(set);
        return make([&](auto *out, auto *e) { return itemseal_value_number_set(raw.data(), raw.size(), out, e); });
    }
    /** A set of byte strings. */
    static maybe<value> of(const binary_set &set) {
        const auto raw = detail::raw(set);
        return make([&](auto *out, auto *e) { return itemseal_value_binary_set(raw.data(), raw.size(), out, e); });
    }
    /** An empty list. */
    static maybe<value> list() {
        return make([](auto *out, auto *e) { return itemseal_value_list(out, e); });
    }
    /** An empty map. */
    static maybe<value> map() {
        return make([](auto *out, auto *e) { return itemseal_value_map(out, e); });
    }
    /** A copy of a value of an item. */
    static maybe<value> copy_of(value_view view) {
        return make([&](auto *out, auto *e) { return itemseal_value_copy_of(view.raw(), out, e); });
    }

    /** What it holds, borrowed until it is changed, moved or destroyed. */
    maybe<value_view> view() const {
        return detail::get<value_view, itemseal_view>(
            [&](auto *out, auto *e) { return itemseal_value_view(raw(), out, e); },
            [](itemseal_view view) { return value_view(view); });
    }
    /** Adds a value at the end of this list; it is moved. */
    maybe<void> push(value element) {
        return detail::run([&](auto *e) { return itemseal_value_push(raw(), element.raw(), e); });
    }
    /** Adds anything that `of` takes at the end of this list. */
    template <class T, class = std::enable_if_t<!std::is_same_v<std::decay_t<T>, value>>> maybe<void> push(const T &element) {
        return with(of(element), [&](value made) { return push(std::move(made)); });
    }
    /** Sets an entry of this map to a value; it is moved. */
    maybe<void> set(std::string_view name, value element) {
        return detail::run([&](auto *e) { return itemseal_value_set(raw(), name.data(), name.size(), element.raw(), e); });
    }
    /** Sets an entry of this map to anything that `of` takes. */
    template <class T, class = std::enable_if_t<!std::is_same_v<std::decay_t<T>, value>>>
    maybe<void> set(std::string_view name, const T &element) {
        return with(of(element), [&](value made) { return set(name, std::move(made)); });
    }

private:
    template <class Call> static maybe<value> make(Call &&call) {
        return detail::make<value, itemseal_value>(std::forward<Call>(call));
    }
    /* What is done with a value, if it could be made. */
    template <class Do> static maybe<void> with(maybe<value> made, Do &&go_on) {
#ifdef ITEMSEAL_NO_EXCEPTIONS
        if (!made) {
            return made.error();
        }
        return go_on(std::move(made).value());
#else
        return go_on(std::move(made));
#endif
    }
};

/** An item: attributes by name. Wiped when destroyed. One thread at a time; many may read it while nobody changes it. */
class item : public detail::handle<itemseal_item, itemseal_item_free> {
public:
    using handle::handle;
#ifndef ITEMSEAL_NO_EXCEPTIONS
    /** Without attributes. */
    item() : item(make()) {}
#endif
    /** Without attributes. */
    static maybe<item> make() {
        return detail::make<item, itemseal_item>([](auto *out, auto *e) { return itemseal_item_new(out, e); });
    }
    /** An item in DynamoDB JSON. */
    static maybe<item> from_json(std::string_view json) {
        return detail::make<item, itemseal_item>([&](auto *out, auto *e) { return itemseal_item_from_json(json.data(), json.size(), out, e); });
    }
    /** An item in CBOR. */
    static maybe<item> from_cbor(bytes_view cbor) {
        return detail::make<item, itemseal_item>([&](auto *out, auto *e) { return itemseal_item_from_cbor(cbor.data(), cbor.size(), out, e); });
    }
    /** A copy. */
    maybe<item> clone() const {
        return detail::make<item, itemseal_item>([&](auto *out, auto *e) { return itemseal_item_clone(raw(), out, e); });
    }
    /** In DynamoDB JSON, on one line. */
    maybe<buffer> to_json() const {
        return detail::make<buffer, itemseal_buffer>([&](auto *out, auto *e) { return itemseal_item_to_json(raw(), out, e); });
    }
    /** In CBOR. */
    maybe<buffer> to_cbor() const {
        return detail::make<buffer, itemseal_buffer>([&](auto *out, auto *e) { return itemseal_item_to_cbor(raw(), out, e); });
    }

    /** Sets an attribute to text. */
    maybe<void> set(std::string_view name, std::string_view text) {
        return detail::run([&](auto *e) { return itemseal_item_set_string(raw(), name.data(), name.size(), text.data(), text.size(), e); });
    }
    /** Sets an attribute to text. */
    maybe<void> set(std::string_view name, const char *text) { return set(name, std::string_view(text)); }
    /** Sets an attribute to a number. */
    maybe<void> set(std::string_view name, const number &number) {
        return detail::run([&](auto *e) {
            return itemseal_item_set_number(raw(), name.data(), name.size(), number.text().data(), number.text().size(), e);
        });
    }
    /** Sets an attribute to a whole number, or to true or false. */
    template <class T, std::enable_if_t<detail::is_whole<T> || std::is_same_v<T, bool>, int> = 0>
    maybe<void> set(std::string_view name, T plain) {
        if constexpr (std::is_same_v<T, bool>) {
            return detail::run([&](auto *e) { return itemseal_item_set_bool(raw(), name.data(), name.size(), plain ? 1 : 0, e); });
        } else if constexpr (std::is_unsigned_v<T> && sizeof(T) >= sizeof(std::int64_t)) {
            return set(name, number(plain));
        } else {
            return detail::run([&](auto *e) {
                return itemseal_item_set_int64(raw(), name.data(), name.size(), static_cast<std::int64_t>(plain), e);
            });
        }
    }
    /** Sets an attribute to bytes. */
    maybe<void> set(std::string_view name, bytes_view bytes) {
        return detail::run([&](auto *e) { return itemseal_item_set_binary(raw(), name.data(), name.size(), bytes.data(), bytes.size(), e); });
    }
    /** Sets an attribute to null. */
    maybe<void> set(std::string_view name, std::nullptr_t) {
        return detail::run([&](auto *e) { return itemseal_item_set_null(raw(), name.data(), name.size(), e); });
    }
    /** Sets an attribute to a set of strings. */
    maybe<void> set(std::string_view name, const string_set &set) {
        const auto all = detail::raw(set);
        return detail::run([&](auto *e) { return itemseal_item_set_string_set(raw(), name.data(), name.size(), all.data(), all.size(), e); });
    }
    /** Sets an attribute to a set of numbers. */
    maybe<void> set(std::string_view name, const number_set &set) {
        const auto all = detail::raw(set);
        return detail::run([&](auto *e) { return itemseal_item_set_number_set(raw(), name.data(), name.size(), all.data(), all.size(), e); });
    }
    /** Sets an attribute to a set of byte strings. */
    maybe<void> set(std::string_view name, const binary_set &set) {
        const auto all = detail::raw(set);
        return detail::run([&](auto *e) { return itemseal_item_set_binary_set(raw(), name.data(), name.size(), all.data(), all.size(), e); });
    }
    /** Sets an attribute to a value of any type; it is moved. */
    maybe<void> set(std::string_view name, value value) {
        return detail::run([&](auto *e) { return itemseal_item_set_value(raw(), name.data(), name.size(), value.raw(), e); });
    }
    /** Takes an attribute out and wipes it. That there is none is no failure. */
    maybe<void> remove(std::string_view name) {
        return detail::run([&](auto *e) { return itemseal_item_remove(raw(), name.data(), name.size(), e); });
    }

    /** How many attributes there are. */
    maybe<std::size_t> size() const {
        return detail::get<std::size_t>([&](std::size_t *out, auto *e) { return itemseal_item_count(raw(), out, e); });
    }
    /** Its size in bytes, as DynamoDB counts it. */
    maybe<std::size_t> size_bytes() const {
        return detail::get<std::size_t>([&](std::size_t *out, auto *e) { return itemseal_item_size_bytes(raw(), out, e); });
    }
    /** Whether there is an attribute of this name. */
    bool contains(std::string_view name) const noexcept {
        itemseal_view out{};
        return itemseal_item_get(raw(), name.data(), name.size(), &out, nullptr) == ITEMSEAL_STATUS_OK;
    }
    /** An attribute's value; a failure with `ITEMSEAL_STATUS_NOT_FOUND` if there is none. */
    maybe<value_view> get(std::string_view name) const {
        return detail::get<value_view, itemseal_view>(
            [&](auto *out, auto *e) { return itemseal_item_get(raw(), name.data(), name.size(), out, e); },
            [](itemseal_view view) { return value_view(view); });
    }
    /** The text of an attribute that is a string. */
    maybe<std::string_view> get_string(std::string_view name) const {
        return detail::get<std::string_view, itemseal_text>(
            [&](auto *out, auto *e) { return itemseal_item_get_string(raw(), name.data(), name.size(), out, e); },
            [](itemseal_text text) { return detail::view(text); });
    }
    /** The text of an attribute that is a number. */
    maybe<std::string_view> get_number(std::string_view name) const {
        return detail::get<std::string_view, itemseal_text>(
            [&](auto *out, auto *e) { return itemseal_item_get_number(raw(), name.data(), name.size(), out, e); },
            [](itemseal_text text) { return detail::view(text); });
    }
    /** The bytes of an attribute that is binary. */
    maybe<bytes_view> get_binary(std::string_view name) const {
        return detail::get<bytes_view, itemseal_bytes>(
            [&](auto *out, auto *e) { return itemseal_item_get_binary(raw(), name.data(), name.size(), out, e); },
            [](itemseal_bytes bytes) { return detail::view(bytes); });
    }
    /** An attribute that is true or false. */
    maybe<bool> get_bool(std::string_view name) const {
        return detail::get<bool>([&](bool *out, auto *e) { return itemseal_item_get_bool(raw(), name.data(), name.size(), out, e); });
    }
    /** The first attribute, in the order of the names; with `ITEMSEAL_NO_EXCEPTIONS` the end for an item that was moved from. */
    attributes::iterator begin() const {
        itemseal_cursor *cursor = nullptr;
        itemseal_error *told = nullptr;
        const itemseal_status status = itemseal_cursor_of_item(raw(), &cursor, &told);
        if (status != ITEMSEAL_STATUS_OK) {
#ifdef ITEMSEAL_NO_EXCEPTIONS
            itemseal_error_free(told);
            return {};
#else
            throw error(status, told);
#endif
        }
        return attributes(cursor).begin();
    }
    /** The end. */
    attributes::iterator end() const noexcept { return {}; }
};

/** How one table's items are encrypted. */
class config : public detail::handle<itemseal_config, itemseal_config_free> {
public:
    using handle::handle;
    /** The name that is bound into every item. */
    maybe<std::string_view> logical_name() const {
        return detail::get<std::string_view, itemseal_text>(
            [&](auto *out, auto *e) { return itemseal_config_logical_name(raw(), out, e); },
            [](itemseal_text text) { return detail::view(text); });
    }
};

/** Builds a configuration. What is not named is encrypted and signed. */
class config_builder : public detail::handle<itemseal_config_builder, itemseal_config_builder_free> {
public:
    using handle::handle;
#ifndef ITEMSEAL_NO_EXCEPTIONS
    /** Of the table with this logical name. */
    explicit config_builder(std::string_view logical_name) : config_builder(make(logical_name)) {}
#endif
    /** Of the table with this logical name. */
    static maybe<config_builder> make(std::string_view logical_name) {
        return detail::make<config_builder, itemseal_config_builder>(
            [&](auto *out, auto *e) { return itemseal_config_builder_new(logical_name.data(), logical_name.size(), out, e); });
    }
    /** Names the partition key attribute. Required. */
    maybe<void> partition_key(std::string_view name) {
        return detail::run([&](auto *e) { return itemseal_config_builder_partition_key(raw(), name.data(), name.size(), e); });
    }
    /** Names the sort key attribute. */
    maybe<void> sort_key(std::string_view name) {
        return detail::run([&](auto *e) { return itemseal_config_builder_sort_key(raw(), name.data(), name.size(), e); });
    }
    /** Says what is done with an attribute. */
    maybe<void> action(std::string_view name, itemseal::action action) {
        return detail::run([&](auto *e) {
            return itemseal_config_builder_action(raw(), name.data(), name.size(), static_cast<std::uint32_t>(action), e);
        });
    }
    /** Leaves every attribute whose name starts so in clear and unsigned. */
    maybe<void> unsigned_prefix(std::string_view prefix) {
        return detail::run([&](auto *e) { return itemseal_config_builder_unsigned_prefix(raw(), prefix.data(), prefix.size(), e); });
    }
    /** Says which suite items are written with. */
    maybe<void> suite(itemseal::suite suite) {
        return detail::run([&](auto *e) { return itemseal_config_builder_suite(raw(), static_cast<std::uint32_t>(suite), e); });
    }
    /** Checks what was said and makes the configuration; the builder stays as it is. */
    maybe<config> build() const {
        return detail::make<config, itemseal_config>([&](auto *out, auto *e) { return itemseal_config_builder_build(raw(), out, e); });
    }
};

/** How AWS is reached: credentials, endpoint, timeouts. Functions that take a pointer to one take null for what the environment says. */
class aws_config : public detail::handle<itemseal_aws_config, itemseal_aws_config_free> {
public:
    using handle::handle;
};

/** Builds an `aws_config`. What is not said is as in AWS's standard credential chain and environment. */
class aws_builder : public detail::handle<itemseal_aws_builder, itemseal_aws_builder_free> {
public:
    using handle::handle;
#ifndef ITEMSEAL_NO_EXCEPTIONS
    /** With nothing said. */
    aws_builder() : aws_builder(make()) {}
#endif
    /** With nothing said. */
    static maybe<aws_builder> make() {
        return detail::make<aws_builder, itemseal_aws_builder>([](auto *out, auto *e) { return itemseal_aws_builder_new(out, e); });
    }
    /** The Region of tables and key stores for which no other is given. */
    maybe<void> region(std::string_view region) {
        return detail::run([&](auto *e) { return itemseal_aws_builder_region(raw(), region.data(), region.size(), e); });
    }
    /** The profile of AWS's configuration files. */
    maybe<void> profile(std::string_view name) {
        return detail::run([&](auto *e) { return itemseal_aws_builder_profile(raw(), name.data(), name.size(), e); });
    }
    /** The URL of every service in every Region, such as the lab's. */
    maybe<void> endpoint_url(std::string_view url) {
        return detail::run([&](auto *e) { return itemseal_aws_builder_endpoint_url(raw(), url.data(), url.size(), e); });
    }
    /** Allows plain HTTP for KMS to one host and port: whoever is on the way can read every data key. */
    maybe<void> allow_insecure_endpoint(std::string_view url) {
        return detail::run([&](auto *e) { return itemseal_aws_builder_allow_insecure_endpoint(raw(), url.data(), url.size(), e); });
    }
    /** Credentials that never change, in place of the standard chain. */
    maybe<void> credentials(std::string_view access_key_id, std::string_view secret_access_key, std::string_view session_token = {}) {
        return detail::run([&](auto *e) {
            return itemseal_aws_builder_credentials(raw(), access_key_id.data(), access_key_id.size(), secret_access_key.data(),
                                                    secret_access_key.size(), detail::optional(session_token), session_token.size(), e);
        });
    }
    /** The most time in milliseconds to connect, and for one request in one Region; 0 is AWS's. */
    maybe<void> timeouts(std::uint32_t connect_ms, std::uint32_t request_ms) {
        return detail::run([&](auto *e) { return itemseal_aws_builder_timeouts(raw(), connect_ms, request_ms, e); });
    }
    /** Reads AWS's environment and files for what was not said; the builder stays as it is. */
    maybe<aws_config> build() const {
        return detail::make<aws_config, itemseal_aws_config>([&](auto *out, auto *e) { return itemseal_aws_builder_build(raw(), out, e); });
    }
};

/** In which order Regions are asked. */
enum class region_order : std::uint32_t {
    as_given = ITEMSEAL_REGION_ORDER_AS_GIVEN,
    nearest = ITEMSEAL_REGION_ORDER_NEAREST,
};

/** How AWS KMS is asked; 0 is what holds unless it is said. */
struct kms_options {
    /** Sent with each call: as good as permissions. */
    std::vector<std::string> grant_tokens;
    /** The most time for one item over all Regions. */
    std::uint32_t deadline_ms = 0;
    /** The most time that one Region may take while others are left. */
    std::uint32_t most_per_region_ms = 0;
    /** In which order Regions are asked. */
    region_order order = region_order::as_given;
};

/** The encryption context of an item, in the order of its names; borrowed. */
using context_view = std::vector<std::pair<std::string_view, std::string_view>>;

/**
 * The program's own key service, for `keyring::callback`. Its functions are called on threads of the library's, several at the same
 * time, and may wait. They fail by throwing an `itemseal::error` (any other exception is `ITEMSEAL_STATUS_INTERNAL`), or with
 * `ITEMSEAL_NO_EXCEPTIONS` by returning one. `ITEMSEAL_STATUS_AUTHENTICATION` says that a key does not unwrap.
 */
class key_provider {
public:
    /** What is stored with an item, in clear. */
    struct wrapped_key {
        /** What `unwrap_key` needs to know, such as which key it was. */
        std::vector<std::uint8_t> info;
        /** The key, encrypted. */
        std::vector<std::uint8_t> wrapped;
    };
    /** A key before it is wrapped. */
    using plain_key = std::array<std::uint8_t, 32>;

    key_provider() = default;
    key_provider(const key_provider &) = delete;
    key_provider &operator=(const key_provider &) = delete;
    virtual ~key_provider() = default;
    /** Wraps 32 bytes, which may be read until it returns, and binds the context to them where it can. */
    virtual maybe<wrapped_key> wrap_key(bytes_view key, const context_view &context) = 0;
    /** Unwraps. Both come from the table: whoever can write it chooses them. */
    virtual maybe<plain_key> unwrap_key(bytes_view info, bytes_view wrapped, const context_view &context) = 0;
};

namespace detail {

inline std::vector<itemseal_text> texts(const std::vector<std::string_view> &all) {
    std::vector<itemseal_text> raw;
    for (const std::string_view one : all) {
        raw.push_back(text(one));
    }
    return raw;
}

/* Options as C has them: for the full expression that it is made in. */
class raw_options {
public:
    explicit raw_options(const kms_options &given) {
        for (const auto &token : given.grant_tokens) {
            tokens_.push_back(text(token));
        }
        raw_ = {tokens_.data(), tokens_.size(), given.deadline_ms, given.most_per_region_ms, static_cast<std::uint32_t>(given.order)};
    }
    const itemseal_kms_options *get() const noexcept { return &raw_; }

private:
    std::vector<itemseal_text> tokens_;
    itemseal_kms_options raw_{};
};

inline std::uint32_t refuse(itemseal_answer *answer, const error &failure) noexcept {
    const std::string_view says = failure.what();
    itemseal_answer_message(answer, says.data(), says.size(), failure.retryable(), nullptr);
    return failure.status() == ITEMSEAL_STATUS_OK ? std::uint32_t{ITEMSEAL_STATUS_INTERNAL} : std::uint32_t{failure.status()};
}

/* Runs what may fail as this header's functions do, where C waits for a status. Nothing is thrown out of it. */
template <class T, class Call, class Then> std::uint32_t guarded(itemseal_answer *answer, Call &&call, Then &&then) noexcept {
#ifdef ITEMSEAL_NO_EXCEPTIONS
    maybe<T> got = call();
    return got ? then(*got) : refuse(answer, got.error());
#else
    try {
        T got = call();
        return then(got);
    } catch (const error &failure) {
        return refuse(answer, failure);
    } catch (const std::exception &failure) {
        const std::string_view says = failure.what();
        itemseal_answer_message(answer, says.data(), says.size(), false, nullptr);
    } catch (...) {
    }
    return ITEMSEAL_STATUS_INTERNAL;
#endif
}

inline context_view contexts(const itemseal_context_entry *entries, std::size_t count) {
    context_view all;
    for (std::size_t index = 0; index < count; ++index) {
        all.emplace_back(view(entries[index].name), view(entries[index].value));
    }
    return all;
}

inline key_provider &provider_of(void *userdata) noexcept { return **static_cast<std::shared_ptr<key_provider> *>(userdata); }

inline std::uint32_t wrap_key(void *userdata, itemseal_bytes key, const itemseal_context_entry *context, std::size_t count,
                              itemseal_answer *answer) noexcept {
    return guarded<key_provider::wrapped_key>(
        answer, [&] { return provider_of(userdata).wrap_key(view(key), contexts(context, count)); },
        [&](const key_provider::wrapped_key &made) -> std::uint32_t {
            return itemseal_answer_key(answer, made.info.data(), made.info.size(), made.wrapped.data(), made.wrapped.size(), nullptr);
        });
}

inline std::uint32_t unwrap_key(void *userdata, itemseal_bytes info, itemseal_bytes wrapped, const itemseal_context_entry *context,
                                std::size_t count, itemseal_answer *answer) noexcept {
    return guarded<key_provider::plain_key>(
        answer, [&] { return provider_of(userdata).unwrap_key(view(info), view(wrapped), contexts(context, count)); },
        [&](key_provider::plain_key &key) -> std::uint32_t {
            const std::uint32_t status = itemseal_answer_key(answer, nullptr, 0, key.data(), key.size(), nullptr);
            volatile std::uint8_t *byte = key.data();
            for (std::size_t left = key.size(); left > 0; --left) {
                *byte++ = 0;
            }
            return status;
        });
}

inline void destroy_provider(void *userdata) noexcept { delete static_cast<std::shared_ptr<key_provider> *>(userdata); }

} // namespace detail

/** A table of branch keys, for `keyring::hierarchical`. */
class key_store : public detail::handle<itemseal_key_store, itemseal_key_store_free> {
public:
    using handle::handle;
    /** A key store in a table, under a KMS key, in Regions; home first, and with none that of the ARN. */
    static maybe<key_store> make(const aws_config *aws, std::string_view table, std::string_view key_arn,
                                 const std::vector<std::string_view> &regions = {}, std::string_view logical_name = {},
                                 const kms_options &options = {}) {
        const auto all = detail::texts(regions);
        return detail::make<key_store, itemseal_key_store>([&](auto *out, auto *e) {
            return itemseal_key_store_new(aws == nullptr ? nullptr : aws->raw(), table.data(), table.size(),
                                          detail::optional(logical_name), logical_name.size(), key_arn.data(), key_arn.size(),
                                          all.data(), all.size(), detail::raw_options(options).get(), out, e);
        });
    }
    /** Makes the table in its first Region, or finds that it is there. */
    maybe<void> create_table() const {
        return detail::run([&](auto *e) { return itemseal_key_store_create_table(raw(), e); });
    }
    /** Makes a branch key, and gives its id: a new UUID, unless it is chosen, which takes a context. */
    maybe<buffer> create_key(std::string_view branch_key_id = {}, const context_view &context = {}) const {
        std::vector<itemseal_context_entry> entries;
        for (const auto &[name, value] : context) {
            entries.push_back({detail::text(name), detail::text(value)});
        }
        return detail::make<buffer, itemseal_buffer>([&](auto *out, auto *e) {
            return itemseal_key_store_create_key(raw(), detail::optional(branch_key_id), branch_key_id.size(), entries.data(), entries.size(), out, e);
        });
    }
    /** Makes a new version of a branch key. */
    maybe<void> rotate(std::string_view branch_key_id) const {
        return detail::run([&](auto *e) { return itemseal_key_store_rotate(raw(), branch_key_id.data(), branch_key_id.size(), e); });
    }
    /** The branch keys and their versions, as JSON. */
    maybe<buffer> list() const {
        return detail::make<buffer, itemseal_buffer>([&](auto *out, auto *e) { return itemseal_key_store_list(raw(), out, e); });
    }
};

/** Whose key items' data keys are wrapped under. */
class keyring : public detail::handle<itemseal_keyring, itemseal_keyring_free> {
public:
    using handle::handle;
    using handle::raw;
    /** Under an AES key that the program has, of 16, 24 or 32 bytes; it is copied. */
    static maybe<keyring> raw_aes(std::string_view key_namespace, std::string_view name, bytes_view key) {
        return make([&](auto *out, auto *e) {
            return itemseal_keyring_raw_aes(key_namespace.data(), key_namespace.size(), name.data(), name.size(),
                                            key.data(), key.size(), out, e);
        });
    }
    /** Under an RSA key pair that the program has, as PEM; either key may be empty. */
    static maybe<keyring> raw_rsa(std::string_view key_namespace, std::string_view name, rsa_padding padding,
                                  std::string_view public_key, std::string_view private_key) {
        return make([&](auto *out, auto *e) {
            return itemseal_keyring_raw_rsa(key_namespace.data(), key_namespace.size(), name.data(), name.size(),
                                            static_cast<std::uint32_t>(padding),
                                            public_key.empty() ? nullptr : public_key.data(), public_key.size(),
                                            private_key.empty() ? nullptr : private_key.data(), private_key.size(), out, e);
        });
    }
    /** Several as one: writes for all of them, reads with the first that can. They stay the caller's. */
    static maybe<keyring> multi(const std::vector<const keyring *> &keyrings) {
        std::vector<const itemseal_keyring *> all;
        for (const keyring *one : keyrings) {
            all.push_back(one == nullptr ? nullptr : one->raw());
        }
        return make([&](auto *out, auto *e) { return itemseal_keyring_multi(all.data(), all.size(), out, e); });
    }
    /** Under AWS KMS keys, by their ARNs: any one of them opens an item, and all are needed to write one. */
    static maybe<keyring> kms(const aws_config *aws, const std::vector<std::string_view> &key_arns, const kms_options &options = {}) {
        const auto all = detail::texts(key_arns);
        return make([&](auto *out, auto *e) {
            return itemseal_keyring_kms(raw(aws), all.data(), all.size(), detail::raw_options(options).get(), out, e);
        });
    }
    /** Under one multi-Region key, through the first of its Regions that answers, home first. */
    static maybe<keyring> mrk(const aws_config *aws, std::string_view key_arn, const std::vector<std::string_view> &regions,
                              const kms_options &options = {}) {
        const auto all = detail::texts(regions);
        return make([&](auto *out, auto *e) {
            return itemseal_keyring_mrk(raw(aws), key_arn.data(), key_arn.size(), all.data(), all.size(),
                                        detail::raw_options(options).get(), out, e);
        });
    }
    /** As `kms`, and an item also opens if a replica of one of the keys wrapped it. */
    static maybe<keyring> mrk_multi(const aws_config *aws, const std::vector<std::string_view> &key_arns, const kms_options &options = {}) {
        const auto all = detail::texts(key_arns);
        return make([&](auto *out, auto *e) {
            return itemseal_keyring_mrk_multi(raw(aws), all.data(), all.size(), detail::raw_options(options).get(), out, e);
        });
    }
    /** Reads what any KMS key of these accounts wrapped in one Region; it does not write. */
    static maybe<keyring> discovery(const aws_config *aws, std::string_view region, const std::vector<std::string_view> &accounts,
                                    std::string_view partition = {}, const kms_options &options = {}) {
        const auto all = detail::texts(accounts);
        return make([&](auto *out, auto *e) {
            return itemseal_keyring_discovery(raw(aws), region.data(), region.size(), detail::optional(partition), partition.size(),
                                              all.data(), all.size(), detail::raw_options(options).get(), out, e);
        });
    }
    /** Reads what any multi-Region key of these accounts wrapped that has a replica in one of the Regions; it does not write. */
    static maybe<keyring> mrk_discovery(const aws_config *aws, const std::vector<std::string_view> &regions,
                                        const std::vector<std::string_view> &accounts, std::string_view partition = {},
                                        const kms_options &options = {}) {
        const auto in = detail::texts(regions), of = detail::texts(accounts);
        return make([&](auto *out, auto *e) {
            return itemseal_keyring_mrk_discovery(raw(aws), in.data(), in.size(), detail::optional(partition), partition.size(),
                                                  of.data(), of.size(), detail::raw_options(options).get(), out, e);
        });
    }
    /** Under one branch key for all items. */
    static maybe<keyring> hierarchical(const key_store &store, std::string_view branch_key_id, const itemseal_branch_key_limits &limits = {}) {
        return make([&](auto *out, auto *e) {
            return itemseal_keyring_hierarchical(store.raw(), branch_key_id.data(), branch_key_id.size(), nullptr, 0, &limits, out, e);
        });
    }
    /** Under the branch key whose id is in a key or context attribute of each item. */
    static maybe<keyring> hierarchical_by(const key_store &store, std::string_view attribute, const itemseal_branch_key_limits &limits = {}) {
        return make([&](auto *out, auto *e) {
            return itemseal_keyring_hierarchical(store.raw(), nullptr, 0, attribute.data(), attribute.size(), &limits, out, e);
        });
    }
    /** Remembers the data keys that another keyring has unwrapped. That one stays the caller's. */
    static maybe<keyring> caching(const keyring &other, const itemseal_cache_limits &limits = {}) {
        return make([&](auto *out, auto *e) { return itemseal_keyring_caching(other.raw(), &limits, out, e); });
    }
    /** By the program's own key service. `provider_id` is stored with every item, and says whose keys it is under. */
    static maybe<keyring> callback(std::string_view provider_id, std::shared_ptr<key_provider> provider) {
        const bool given = provider != nullptr;
        auto held = std::make_unique<std::shared_ptr<key_provider>>(std::move(provider));
        const itemseal_key_provider functions{held.get(), detail::wrap_key, detail::unwrap_key, detail::destroy_provider};
        return make([&](auto *out, auto *e) {
            const auto status = itemseal_keyring_callback(provider_id.data(), provider_id.size(), given ? &functions : nullptr, out, e);
            if (status == ITEMSEAL_STATUS_OK) {
                (void)held.release(); // The keyring's now, until it calls destroy_provider.
            }
            return status;
        });
    }

private:
    static const itemseal_aws_config *raw(const aws_config *aws) noexcept { return aws == nullptr ? nullptr : aws->raw(); }
    template <class Call> static maybe<keyring> make(Call &&call) {
        return detail::make<keyring, itemseal_keyring>(std::forward<Call>(call));
    }
};

/** Tables and their keyring, as a file in TOML says them. */
class config_file : public detail::handle<itemseal_config_file, itemseal_config_file_free> {
public:
    using handle::handle;
    /** Reads a file. Paths in it are relative to its folder. */
    static maybe<config_file> read(std::string_view path) {
        return detail::make<config_file, itemseal_config_file>(
            [&](auto *out, auto *e) { return itemseal_config_file_read(path.data(), path.size(), out, e); });
    }
    /** Parses TOML. Paths in it are relative to `folder`, which is the working directory if it is empty. */
    static maybe<config_file> parse(std::string_view toml, std::string_view folder = {}) {
        return detail::make<config_file, itemseal_config_file>([&](auto *out, auto *e) {
            return itemseal_config_file_parse(toml.data(), toml.size(), folder.empty() ? nullptr : folder.data(), folder.size(), out, e);
        });
    }
    /** How many tables it has. */
    maybe<std::size_t> table_count() const {
        return detail::get<std::size_t>([&](std::size_t *out, auto *e) { return itemseal_config_file_table_count(raw(), out, e); });
    }
    /** A table's name in DynamoDB, counted from 0. */
    maybe<std::string_view> table_name(std::size_t index) const {
        return detail::get<std::string_view, itemseal_text>(
            [&](auto *out, auto *e) { return itemseal_config_file_table_name(raw(), index, out, e); },
            [](itemseal_text text) { return detail::view(text); });
    }
    /** How a table is encrypted; the file's only one if the name is empty. */
    maybe<config> table(std::string_view name = {}) const {
        return detail::make<config, itemseal_config>([&](auto *out, auto *e) {
            return itemseal_config_file_table(raw(), name.empty() ? nullptr : name.data(), name.size(), out, e);
        });
    }
    /** Its keyring; AWS is reached as `aws` says, or with null as the environment does. */
    maybe<itemseal::keyring> keyring(const aws_config *aws = nullptr) const {
        return detail::make<itemseal::keyring, itemseal_keyring>([&](auto *out, auto *e) {
            return itemseal_config_file_keyring_over(raw(), aws == nullptr ? nullptr : aws->raw(), out, e);
        });
    }
    /** What is right and wrong with its tables and keys in every Region, and what to do, as JSON. */
    maybe<buffer> doctor(const aws_config *aws = nullptr) const {
        return detail::make<buffer, itemseal_buffer>([&](auto *out, auto *e) {
            return itemseal_doctor(raw(), aws == nullptr ? nullptr : aws->raw(), out, e);
        });
    }
};

/** What a stored item says about itself without any key. Nothing of it is verified. */
class description : public detail::handle<itemseal_description, itemseal_description_free> {
public:
    using handle::handle;
    /** Who wrapped the data key. */
    struct data_key_entry {
        /** Which kind of keyring. */
        std::string_view provider;
        /** Which key. */
        bytes_view key;
    };
    /** An entry of the stored encryption context. */
    struct context_entry {
        /** Its name. */
        std::string_view name;
        /** Its value. */
        std::string_view value;
    };
    /** Reads the header of a stored item. */
    static maybe<description> of(const item &stored) {
        return detail::make<description, itemseal_description>(
            [&](auto *out, auto *e) { return itemseal_describe_item(stored.raw(), out, e); });
    }
    /** Its numbers. */
    maybe<itemseal_description_numbers> numbers() const {
        return detail::get<itemseal_description_numbers>(
            [&](itemseal_description_numbers *out, auto *e) { return itemseal_description_get_numbers(raw(), out, e); });
    }
    /** An encrypted data key, counted from 0. */
    maybe<data_key_entry> data_key(std::size_t index) const {
        itemseal_text provider{};
        return detail::get<data_key_entry, itemseal_bytes>(
            [&](auto *out, auto *e) { return itemseal_description_data_key(raw(), index, &provider, out, e); },
            [&](itemseal_bytes key) { return data_key_entry{detail::view(provider), detail::view(key)}; });
    }
    /** An entry of the encryption context, counted from 0. */
    maybe<context_entry> context(std::size_t index) const {
        itemseal_text name{};
        return detail::get<context_entry, itemseal_text>(
            [&](auto *out, auto *e) { return itemseal_description_context(raw(), index, &name, out, e); },
            [&](itemseal_text value) { return context_entry{detail::view(name), detail::view(value)}; });
    }
};

/** Encrypts and decrypts the items of one table. May be used by many threads. */
class encryptor : public detail::handle<itemseal_encryptor, itemseal_encryptor_free> {
public:
    using handle::handle;
#ifndef ITEMSEAL_NO_EXCEPTIONS
    /** For a table, under a keyring; both stay the caller's, and may be destroyed before it. */
    encryptor(const config &table, const keyring &keys) : encryptor(make(table, keys)) {}
    /** For a table of a file, under its keyring; its only one if the name is empty. */
    explicit encryptor(const config_file &file, std::string_view table = {}) : encryptor(make(file, table)) {}
#endif
    /** For a table, under a keyring; both stay the caller's, and may be destroyed before it. */
    static maybe<encryptor> make(const config &table, const keyring &keys) {
        return detail::make<encryptor, itemseal_encryptor>(
            [&](auto *out, auto *e) { return itemseal_encryptor_new(table.raw(), keys.raw(), out, e); });
    }
    /** For a table of a file, under its keyring; its only one if the name is empty. */
    static maybe<encryptor> make(const config_file &file, std::string_view table = {}) {
        return detail::make<encryptor, itemseal_encryptor>([&](auto *out, auto *e) {
            return itemseal_encryptor_from_file(file.raw(), table.empty() ? nullptr : table.data(), table.size(), out, e);
        });
    }

    /** Encrypts an item to the form that is stored. */
    maybe<item> encrypt(const item &plain) const {
        return detail::make<item, itemseal_item>([&](auto *out, auto *e) { return itemseal_encrypt_item(raw(), plain.raw(), out, e); });
    }
    /** Verifies a stored item and decrypts it. */
    maybe<item> decrypt(const item &stored) const {
        return detail::make<item, itemseal_item>([&](auto *out, auto *e) { return itemseal_decrypt_item(raw(), stored.raw(), out, e); });
    }
    /** Encrypts items, on every core. The first failure ends all; its number, from 0, is in `*failed`. */
    maybe<std::vector<item>> encrypt(const std::vector<item> &plain, std::size_t *failed = nullptr) const {
        return batch(itemseal_encrypt_items, plain, failed);
    }
    /** Verifies and decrypts items, on every core. The first failure ends all; its number, from 0, is in `*failed`. */
    maybe<std::vector<item>> decrypt(const std::vector<item> &stored, std::size_t *failed = nullptr) const {
        return batch(itemseal_decrypt_items, stored, failed);
    }
    /** Encrypts an item in DynamoDB JSON, and gives it back so. */
    maybe<buffer> encrypt_json(std::string_view json) const {
        return detail::make<buffer, itemseal_buffer>(
            [&](auto *out, auto *e) { return itemseal_encrypt_json(raw(), json.data(), json.size(), out, e); });
    }
    /** Decrypts an item in DynamoDB JSON, and gives it back so. */
    maybe<buffer> decrypt_json(std::string_view json) const {
        return detail::make<buffer, itemseal_buffer>(
            [&](auto *out, auto *e) { return itemseal_decrypt_json(raw(), json.data(), json.size(), out, e); });
    }
    /** Encrypts an item in CBOR, and gives it back so. */
    maybe<buffer> encrypt_cbor(bytes_view cbor) const {
        return detail::make<buffer, itemseal_buffer>(
            [&](auto *out, auto *e) { return itemseal_encrypt_cbor(raw(), cbor.data(), cbor.size(), out, e); });
    }
    /** Decrypts an item in CBOR, and gives it back so. */
    maybe<buffer> decrypt_cbor(bytes_view cbor) const {
        return detail::make<buffer, itemseal_buffer>(
            [&](auto *out, auto *e) { return itemseal_decrypt_cbor(raw(), cbor.data(), cbor.size(), out, e); });
    }

private:
    template <class Function>
    maybe<std::vector<item>> batch(Function *function, const std::vector<item> &items, std::size_t *failed) const {
        std::vector<const itemseal_item *> given;
        for (const item &one : items) {
            given.push_back(one.raw());
        }
        std::vector<itemseal_item *> made(items.size());
        std::vector<item> owned;
        owned.reserve(items.size());
        itemseal_error *told = nullptr;
        const itemseal_status status = function(raw(), given.data(), given.size(), made.data(), failed, &told);
        return detail::outcome<std::vector<item>>(status, told, [&] {
            for (itemseal_item *one : made) {
                owned.emplace_back(one);
            }
            return std::move(owned);
        });
    }
};

namespace detail {

/* An item that may not be there. */
inline std::optional<item> found(itemseal_item *raw) { return raw == nullptr ? std::nullopt : std::optional<item>(std::in_place, raw); }

/* A change that is under way, and what it threw. */
struct changing {
    const std::function<maybe<bool>(item &, bool)> &by;
#ifndef ITEMSEAL_NO_EXCEPTIONS
    std::exception_ptr thrown{};
#endif
    void rethrow(itemseal_error **told) const {
#ifdef ITEMSEAL_NO_EXCEPTIONS
        (void)told;
#else
        if (thrown) {
            itemseal_error_free(*told);
            std::rethrow_exception(thrown);
        }
#endif
    }
};

inline std::uint32_t change_item(void *userdata, itemseal_item *raw, bool found, bool *write, itemseal_answer *answer) noexcept {
    auto &state = *static_cast<changing *>(userdata);
    item lent(raw);
    const auto change = [&]() -> maybe<bool> {
#ifdef ITEMSEAL_NO_EXCEPTIONS
        return state.by(lent, found);
#else
        try {
            return state.by(lent, found);
        } catch (...) {
            state.thrown = std::current_exception();
            throw;
        }
#endif
    };
    const auto status = guarded<bool>(answer, change, [&](bool wanted) -> std::uint32_t {
        *write = wanted;
        return ITEMSEAL_STATUS_OK;
    });
    (void)lent.release(); // It is the library's.
    return status;
}

} // namespace detail

/** The items of a query or a scan, opened, page after page. One thread at a time. */
class items : public detail::handle<itemseal_items, itemseal_items_free> {
public:
    using handle::handle;
    /** The next item; none after the last one. After a failure that is retryable it goes on with the page that failed. */
    maybe<std::optional<item>> next() {
        return detail::get<std::optional<item>, itemseal_item *>(
            [&](auto *out, auto *e) { return itemseal_items_next(raw(), out, e); }, detail::found);
    }
    /** The items that did not open since this was asked last, if they are to be reported, as JSON. */
    maybe<buffer> take_bad() {
        return detail::make<buffer, itemseal_buffer>([&](auto *out, auto *e) { return itemseal_items_take_bad(raw(), out, e); });
    }
};

/** An operation of DynamoDB on items, for `table::call`. */
enum class operation : std::uint32_t {
    get_item = ITEMSEAL_OPERATION_GET_ITEM,
    put_item = ITEMSEAL_OPERATION_PUT_ITEM,
    update_item = ITEMSEAL_OPERATION_UPDATE_ITEM,
    delete_item = ITEMSEAL_OPERATION_DELETE_ITEM,
    query = ITEMSEAL_OPERATION_QUERY,
    scan = ITEMSEAL_OPERATION_SCAN,
    batch_get_item = ITEMSEAL_OPERATION_BATCH_GET_ITEM,
    batch_write_item = ITEMSEAL_OPERATION_BATCH_WRITE_ITEM,
    transact_get_items = ITEMSEAL_OPERATION_TRANSACT_GET_ITEMS,
    transact_write_items = ITEMSEAL_OPERATION_TRANSACT_WRITE_ITEMS,
};

/** A DynamoDB client for encrypted tables. May be used by many threads; the calling thread waits. */
class table : public detail::handle<itemseal_table, itemseal_table_free> {
public:
    using handle::handle;
    /** For all tables of a file, under its keyring; AWS is reached as `aws` says, or with null as the environment does. */
    static maybe<table> open(const config_file &file, const aws_config *aws = nullptr) {
        return detail::make<table, itemseal_table>([&](auto *out, auto *e) {
            return itemseal_table_open(file.raw(), aws == nullptr ? nullptr : aws->raw(), out, e);
        });
    }
    /** Calls an operation of DynamoDB by its request in JSON, with items in clear; `options` are of `itemseal_call_option`. */
    maybe<buffer> call(itemseal::operation operation, std::string_view request, std::uint32_t options = ITEMSEAL_CALL_OPTION_NONE) const {
        return detail::make<buffer, itemseal_buffer>([&](auto *out, auto *e) {
            return itemseal_table_call(raw(), static_cast<std::uint32_t>(operation), options, request.data(), request.size(), out, e);
        });
    }
    /** Reads an item by its key; none if there is none. */
    maybe<std::optional<item>> get(std::string_view table_name, const item &key, bool consistent = false) const {
        return detail::get<std::optional<item>, itemseal_item *>([&](auto *out, auto *e) {
            return itemseal_table_get(raw(), table_name.data(), table_name.size(), key.raw(), consistent, out, e);
        }, detail::found);
    }
    /** Encrypts an item and writes it; gives the version that it was written with, 0 without one. */
    maybe<std::uint64_t> put(std::string_view table_name, const item &plain) const {
        return detail::get<std::uint64_t>([&](std::uint64_t *out, auto *e) {
            return itemseal_table_put(raw(), table_name.data(), table_name.size(), plain.raw(), out, e);
        });
    }
    /** Deletes an item by its key. That there is none is no failure. */
    maybe<void> remove(std::string_view table_name, const item &key) const {
        return detail::run([&](auto *e) { return itemseal_table_delete(raw(), table_name.data(), table_name.size(), key.raw(), e); });
    }
    /** All items that a `Query` in JSON finds; `options` are of `itemseal_call_option`. */
    maybe<items> query(std::string_view request, std::uint32_t options = ITEMSEAL_CALL_OPTION_NONE) const {
        return detail::make<items, itemseal_items>([&](auto *out, auto *e) {
            return itemseal_table_query(raw(), options, request.data(), request.size(), out, e);
        });
    }
    /** All items of a `Scan` in JSON, of so many segments at the same time; `options` are of `itemseal_call_option`. */
    maybe<items> scan(std::string_view request, std::uint32_t segments = 1, std::uint32_t options = ITEMSEAL_CALL_OPTION_NONE) const {
        return detail::make<items, itemseal_items>([&](auto *out, auto *e) {
            return itemseal_table_scan(raw(), options, request.data(), request.size(), segments, out, e);
        });
    }
    /** What changes an item: it is told whether the item was there, and says whether to write it. */
    using change = std::function<maybe<bool>(item &, bool found)>;
    /**
     * Changes an item by its key, signed and encrypted attributes included, if nobody has written it meanwhile; else it begins again.
     * The item is lent to `by`, which must not move it or assign to it. Gives the item as it is now. What `by` throws, this throws.
     */
    maybe<std::optional<item>> update(std::string_view table_name, const item &key, const change &by) const {
        detail::changing state{by};
        return detail::get<std::optional<item>, itemseal_item *>([&](auto *out, auto *e) {
            const auto status = itemseal_table_update(raw(), table_name.data(), table_name.size(), key.raw(), detail::change_item, &state, out, e);
            state.rethrow(e);
            return status;
        }, detail::found);
    }
};

/** Builds a `table`. One thread at a time. */
class table_builder : public detail::handle<itemseal_table_builder, itemseal_table_builder_free> {
public:
    using handle::handle;
#ifndef ITEMSEAL_NO_EXCEPTIONS
    /** For a table, by its name in DynamoDB; the logical name of `config` if that is empty. */
    table_builder(std::string_view name, const config &config, const keyring &keys) : table_builder(make(name, config, keys)) {}
#endif
    /** For a table, by its name in DynamoDB; the logical name of `config` if that is empty. */
    static maybe<table_builder> make(std::string_view name, const config &config, const keyring &keys) {
        return detail::make<table_builder, itemseal_table_builder>([&](auto *out, auto *e) {
            return itemseal_table_builder_new(detail::optional(name), name.size(), config.raw(), keys.raw(), out, e);
        });
    }
    /** As a file says; `keys` and `aws` may be null for what the file and the environment say. */
    static maybe<table_builder> from_file(const config_file &file, const keyring *keys = nullptr, const aws_config *aws = nullptr) {
        return detail::make<table_builder, itemseal_table_builder>([&](auto *out, auto *e) {
            return itemseal_table_builder_from_file(file.raw(), keys == nullptr ? nullptr : keys->raw(), aws == nullptr ? nullptr : aws->raw(), out, e);
        });
    }
    /** Adds a table by its name in DynamoDB. */
    maybe<void> table(std::string_view name, const config &config, const keyring &keys) {
        return detail::run([&](auto *e) { return itemseal_table_builder_table(raw(), name.data(), name.size(), config.raw(), keys.raw(), e); });
    }
    /** The Regions of the tables, the home Region first. */
    maybe<void> regions(const std::vector<std::string_view> &regions) {
        const auto all = detail::texts(regions);
        return detail::run([&](auto *e) { return itemseal_table_builder_regions(raw(), all.data(), all.size(), e); });
    }
    /** The Regions that data may be in. */
    maybe<void> allowed_regions(const std::vector<std::string_view> &regions) {
        const auto all = detail::texts(regions);
        return detail::run([&](auto *e) { return itemseal_table_builder_allowed_regions(raw(), all.data(), all.size(), e); });
    }
    /** The most time in milliseconds for a call over all Regions, and for a read in one; 0 is what holds unless it is said. */
    maybe<void> timeouts(std::uint32_t deadline_ms, std::uint32_t most_per_region_ms) {
        return detail::run([&](auto *e) { return itemseal_table_builder_timeouts(raw(), deadline_ms, most_per_region_ms, e); });
    }
    /** In which order reads ask the Regions. */
    maybe<void> read_order(region_order order) {
        return detail::run([&](auto *e) { return itemseal_table_builder_read_order(raw(), static_cast<std::uint32_t>(order), e); });
    }
    /** Switches something on: one of `itemseal_table_option`. */
    maybe<void> option(itemseal_table_option option) {
        return detail::run([&](auto *e) { return itemseal_table_builder_option(raw(), static_cast<std::uint32_t>(option), e); });
    }
    /** Names the signed number that every write raises, for optimistic locking. */
    maybe<void> version_attribute(std::string_view table_name, std::string_view attribute) {
        return detail::run([&](auto *e) {
            return itemseal_table_builder_version_attribute(raw(), table_name.data(), table_name.size(), attribute.data(), attribute.size(), e);
        });
    }
    /** Lets the items of a table pass as they are. */
    maybe<void> plaintext_table(std::string_view table_name) {
        return detail::run([&](auto *e) { return itemseal_table_builder_plaintext_table(raw(), table_name.data(), table_name.size(), e); });
    }
    /** Reads items that are not encrypted as they are: until all are, whoever can write the table can put in their own. */
    maybe<void> plaintext_reads(std::string_view table_name) {
        return detail::run([&](auto *e) { return itemseal_table_builder_plaintext_reads(raw(), table_name.data(), table_name.size(), e); });
    }
    /** Asks DynamoDB how the tables are, and makes the client. The builder is used up, also by a failure. */
    maybe<itemseal::table> open(const aws_config *aws = nullptr) {
        return detail::make<itemseal::table, itemseal_table>([&](auto *out, auto *e) {
            return itemseal_table_builder_open(raw(), aws == nullptr ? nullptr : aws->raw(), out, e);
        });
    }
};

/** How much is told. */
enum class log_level : std::uint32_t {
    error = ITEMSEAL_LOG_LEVEL_ERROR,
    warn = ITEMSEAL_LOG_LEVEL_WARN,
    info = ITEMSEAL_LOG_LEVEL_INFO,
    debug = ITEMSEAL_LOG_LEVEL_DEBUG,
    trace = ITEMSEAL_LOG_LEVEL_TRACE,
};

/** Takes a line; on any thread, several at the same time. It must not wait, throw or call the library. */
using log_function = std::function<void(log_level, std::string_view)>;

/** Has the library tell what it is doing, for the whole process; an empty function ends it. */
inline maybe<void> set_log(log_level level, log_function function) {
    static std::mutex one_at_a_time;
    static std::unique_ptr<log_function> kept;
    const std::lock_guard<std::mutex> held(one_at_a_time);
    auto next = function ? std::make_unique<log_function>(std::move(function)) : nullptr;
    return detail::run([&](auto *e) {
        const itemseal_log_fn tell = [](void *userdata, std::uint32_t told, const char *line, std::size_t length) noexcept {
            (*static_cast<log_function *>(userdata))(static_cast<log_level>(told), std::string_view(line, length));
        };
        const auto status = itemseal_log_set(next ? tell : nullptr, next.get(), static_cast<std::uint32_t>(level), e);
        if (status == ITEMSEAL_STATUS_OK) {
            kept = std::move(next); // The one before is not called any more.
        }
        return status;
    });
}

} // namespace itemseal

#endif /* ITEMSEAL_HPP */
