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

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <iterator>
#include <memory>
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
    /** The status that the call returned. */
    itemseal_status status() const noexcept { return status_; }
    /** What is wrong and what to do, in one sentence. */
    const char *what() const noexcept
#ifndef ITEMSEAL_NO_EXCEPTIONS
        override
#endif
    {
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
    bool retryable() const noexcept { return itemseal_error_is_retryable(told_.get()); }

private:
    static std::string_view text(const char *text) noexcept { return text == nullptr ? std::string_view() : text; }

    itemseal_status status_;
    std::shared_ptr<itemseal_error> told_;
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

inline itemseal_text text(std::string_view text) noexcept { return {text.data(), text.size()}; }

inline itemseal_bytes bytes(bytes_view bytes) noexcept { return {bytes.data(), bytes.size()}; }

/* A handle of C, owned. */
template <class Raw, void (*Free)(Raw *)> class handle {
public:
    /** Takes over what a function of itemseal.h gave. */
    explicit handle(Raw *raw) noexcept : raw_(raw) {}
    handle(handle &&other) noexcept : raw_(std::exchange(other.raw_, nullptr)) {}
    handle &operator=(handle &&other) noexcept {
        if (this != &other) {
            Free(std::exchange(raw_, std::exchange(other.raw_, nullptr)));
        }
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

/** Whose key items' data keys are wrapped under. */
class keyring : public detail::handle<itemseal_keyring, itemseal_keyring_free> {
public:
    using handle::handle;
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

private:
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
    /** Its keyring. */
    maybe<itemseal::keyring> keyring() const {
        return detail::make<itemseal::keyring, itemseal_keyring>(
            [&](auto *out, auto *e) { return itemseal_config_file_keyring(raw(), out, e); });
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

} // namespace itemseal

#endif /* ITEMSEAL_HPP */
