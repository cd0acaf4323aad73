// What every program may use: attributes, arithmetic, byte order, bits, time, pointers that carry errors, lists and trees.
// A pointer into the kernel is read by bcc4j_kernel_read: libbcc rewrites dereferences in the program's own text only. Such a
// helper starts its result from its parameter, so that libbcc goes on to treat the result as a kernel pointer.

//? constant BPF_FUNC_probe_read_kernel
static __always_inline long bcc4j_kernel_read(void *_to, __u32 _size, const void *_from)
{
	return ((long (*)(void *, __u32, const void *))BPF_FUNC_probe_read_kernel)(_to, _size, _from);
}

//? !constant BPF_FUNC_probe_read_kernel
static __always_inline long bcc4j_kernel_read(void *_to, __u32 _size, const void *_from)
{
	return ((long (*)(void *, __u32, const void *))BPF_FUNC_probe_read)(_to, _size, _from);
}

// The value of an lvalue in the kernel's memory.
#define bcc4j_value(x) ({ __typeof__(x) _value; bcc4j_kernel_read(&_value, sizeof(_value), &(x)); _value; })

// Types that a kernel may not have a name for.

//? !type uintptr_t
typedef unsigned long uintptr_t;

//? !type intptr_t
typedef long intptr_t;

//? !type ptrdiff_t
typedef long ptrdiff_t;

//? !type uint
typedef unsigned int uint;

//? !type ulong
typedef unsigned long ulong;

//? !type ushort
typedef unsigned short ushort;

//? !type u_char
typedef unsigned char u_char;

//? !type u_int
typedef unsigned int u_int;

//? !type u_long
typedef unsigned long u_long;

//? !type u_int8_t
typedef unsigned char u_int8_t;

//? !type u_int16_t
typedef unsigned short u_int16_t;

//? !type u_int32_t
typedef unsigned int u_int32_t;

//? !type u_int64_t
typedef unsigned long long u_int64_t;

// Truth, nothing, sizes.

#define NULL ((void *)0)

#define true 1
#define false 0

#define offsetof(type, member) __builtin_offsetof(type, member)

#define sizeof_field(type, member) sizeof(((type *)0)->member)

#define FIELD_SIZEOF(type, member) sizeof(((type *)0)->member)

#define offsetofend(type, member) (__builtin_offsetof(type, member) + sizeof(((type *)0)->member))

#define typeof_member(type, member) __typeof__(((type *)0)->member)

#define container_of(ptr, type, member) ((type *)((char *)(ptr) - __builtin_offsetof(type, member)))

#define container_of_const(ptr, type, member) ((type *)((char *)(ptr) - __builtin_offsetof(type, member)))

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

#define __same_type(a, b) __builtin_types_compatible_p(__typeof__(a), __typeof__(b))

#define struct_size(ptr, member, count) (sizeof(*(ptr)) + (count) * sizeof(*(ptr)->member))

#define __stringify_1(x...) #x

#define __stringify(x...) __stringify_1(x)

#define __CONCAT(a, b) a ## b

#define ___PASTE(a, b) a##b

#define __PASTE(a, b) ___PASTE(a, b)

#define CONCATENATE(a, b) __PASTE(a, b)

#define __UNIQUE_ID(prefix) __PASTE(__PASTE(__UNIQUE_ID_, prefix), __COUNTER__)

// One entry: the first name is made by pasting, which shows nobody that it is wanted.

#define bcc4j_placeholder_1 0,
#define bcc4j_defined(x) bcc4j_defined_of(bcc4j_placeholder_##x)
#define bcc4j_defined_of(junk) bcc4j_second(junk 1, 0)
#define bcc4j_second(first, second, ...) second
#define bcc4j_defined_in(x) bcc4j_defined(x)
#define __is_defined(x) bcc4j_defined_in(x)

#define IS_BUILTIN(option) bcc4j_defined_in(option)

#define IS_MODULE(option) bcc4j_defined_in(option##_MODULE)

#define IS_REACHABLE(option) IS_BUILTIN(option)

#define IS_ENABLED(option) (IS_BUILTIN(option) || IS_MODULE(option))

// Attributes and annotations: most mean nothing here.

#define noinline __attribute__((noinline))

#define __noinline __attribute__((noinline))

#define noinline_for_stack __attribute__((noinline))

#define __packed __attribute__((packed))

#define __aligned(x) __attribute__((aligned(x)))

#define __section(x) __attribute__((section(x)))

#define __weak __attribute__((weak))

#define __used __attribute__((used))

#define __maybe_unused __attribute__((unused))

#define __always_unused __attribute__((unused))

#define __must_check __attribute__((warn_unused_result))

#define __pure __attribute__((pure))

#define __attribute_const__ __attribute__((const))

#define __noreturn __attribute__((noreturn))

#define __deprecated __attribute__((deprecated))

#define __printf(a, b) __attribute__((format(printf, a, b)))

#define __scanf(a, b) __attribute__((format(scanf, a, b)))

#define fallthrough __attribute__((fallthrough))

#define __user

#define __kernel

#define __iomem

#define __percpu

#define __rcu

#define __force

#define __safe

#define __nocast

#define __bitwise

#define __bitwise__

#define __private

#define __init

#define __exit

#define __initdata

#define __initconst

#define __exitdata

#define __devinit

#define __read_mostly

#define __ro_after_init

#define __refdata

#define __ref

#define __cold

#define __hot

#define __visible

#define __latent_entropy

#define __sched

#define __kprobes

#define __randomize_layout

#define __no_randomize_layout

#define __designated_init

#define __cacheline_aligned

#define __cacheline_aligned_in_smp

#define ____cacheline_aligned

#define ____cacheline_aligned_in_smp

#define ____cacheline_internodealigned_in_smp

#define asmlinkage

#define notrace

#define nokprobe_inline inline

#define __no_sanitize_address

#define __nonstring

#define __must_hold(x)

#define __acquires(x)

#define __releases(x)

#define __acquire(x)

#define __release(x)

#define __counted_by(member)

#define __counted_by_le(member)

#define EXPORT_SYMBOL(symbol)

#define EXPORT_SYMBOL_GPL(symbol)

#define MODULE_LICENSE(text)

#define MODULE_AUTHOR(text)

#define MODULE_DESCRIPTION(text)

#define NOKPROBE_SYMBOL(function)

#define likely(x) __builtin_expect(!!(x), 1)

#define unlikely(x) __builtin_expect(!!(x), 0)

#define barrier() __asm__ __volatile__("" : : : "memory")

#define barrier_data(ptr) __asm__ __volatile__("" : : "r"(ptr) : "memory")

#define barrier_var(x) __asm__ __volatile__("" : "+r"(x))

#define OPTIMIZER_HIDE_VAR(x) __asm__ __volatile__("" : "+r"(x))

#define smp_mb() barrier()

#define smp_rmb() barrier()

#define smp_wmb() barrier()

#define mb() barrier()

#define rmb() barrier()

#define wmb() barrier()

#define cpu_relax() barrier()

#define unreachable() __builtin_unreachable()

#define BUILD_BUG_ON(condition) _Static_assert(!(condition), "BUILD_BUG_ON: " #condition)

#define BUILD_BUG_ON_MSG(condition, text) _Static_assert(!(condition), text)

#define static_assert(condition, ...) _Static_assert(condition, "" #condition)

#define BUG_ON(condition) ((void)(condition))

#define WARN_ON(condition) (!!(condition))

#define WARN_ON_ONCE(condition) (!!(condition))

#define memset(...) __builtin_memset(__VA_ARGS__)

#define memcpy(...) __builtin_memcpy(__VA_ARGS__)

#define memmove(...) __builtin_memmove(__VA_ARGS__)

#define memcmp(...) __builtin_memcmp(__VA_ARGS__)

// Reads and writes of memory that others write, too.

#define READ_ONCE(x) bcc4j_value(x)

#define ACCESS_ONCE(x) (*(volatile __typeof__(x) *)&(x))

#define WRITE_ONCE(x, value) (*(volatile __typeof__(x) *)&(x) = (value))

#define data_race(x) (x)

#define smp_load_acquire(ptr) bcc4j_value(*(ptr))

#define rcu_dereference(ptr) bcc4j_value(ptr)

#define rcu_dereference_raw(ptr) bcc4j_value(ptr)

#define rcu_dereference_check(ptr, condition) bcc4j_value(ptr)

#define rcu_dereference_protected(ptr, condition) bcc4j_value(ptr)

#define rcu_dereference_sched(ptr) bcc4j_value(ptr)

#define rcu_dereference_bh(ptr) bcc4j_value(ptr)

#define rcu_access_pointer(ptr) bcc4j_value(ptr)

#define rtnl_dereference(ptr) bcc4j_value(ptr)

#define rcu_pointer_handoff(ptr) (ptr)

#define rcu_head callback_head

#define ATOMIC_INIT(i) { (i) }

static __always_inline int atomic_read(const atomic_t *_atomic)
{
	int _n = 0;
	bcc4j_kernel_read(&_n, sizeof(_n), &_atomic->counter);
	return _n;
}

static __always_inline __s64 atomic64_read(const atomic64_t *_atomic)
{
	__s64 _n = 0;
	bcc4j_kernel_read(&_n, sizeof(_n), &_atomic->counter);
	return _n;
}

static __always_inline long atomic_long_read(const void *_atomic)
{
	long _n = 0;
	bcc4j_kernel_read(&_n, sizeof(_n), _atomic);
	return _n;
}

//? type refcount_t
static __always_inline unsigned int refcount_read(const refcount_t *_count)
{
	return (unsigned int)atomic_read(&_count->refs);
}

//? type kref
static __always_inline unsigned int kref_read(const struct kref *_ref)
{
	return refcount_read(&_ref->refcount);
}

// Numbers.

#define min(a, b) ({ __typeof__(a) _min1 = (a); __typeof__(b) _min2 = (b); _min1 < _min2 ? _min1 : _min2; })

#define max(a, b) ({ __typeof__(a) _max1 = (a); __typeof__(b) _max2 = (b); _max1 > _max2 ? _max1 : _max2; })

#define min_t(type, a, b) ({ type _min1 = (a); type _min2 = (b); _min1 < _min2 ? _min1 : _min2; })

#define max_t(type, a, b) ({ type _max1 = (a); type _max2 = (b); _max1 > _max2 ? _max1 : _max2; })

#define umin(a, b) min_t(__u64, a, b)

#define umax(a, b) max_t(__u64, a, b)

#define min3(a, b, c) ({ __typeof__(a) _min3 = min(a, b); min(_min3, c); })

#define max3(a, b, c) ({ __typeof__(a) _max3 = max(a, b); max(_max3, c); })

#define min_not_zero(a, b) ({ __typeof__(a) _mnz1 = (a); __typeof__(b) _mnz2 = (b); \
	_mnz1 == 0 ? _mnz2 : _mnz2 == 0 ? _mnz1 : _mnz1 < _mnz2 ? _mnz1 : _mnz2; })

#define MIN(a, b) ((a) < (b) ? (a) : (b))

#define MAX(a, b) ((a) > (b) ? (a) : (b))

#define clamp(value, low, high) ({ __typeof__(value) _clamp = max(value, low); min(_clamp, high); })

#define clamp_t(type, value, low, high) ({ type _clamp = max_t(type, value, low); min_t(type, _clamp, high); })

#define clamp_val(value, low, high) clamp_t(__typeof__(value), value, low, high)

#define swap(a, b) do { __typeof__(a) _swap = (a); (a) = (b); (b) = _swap; } while (0)

#define abs(x) ({ __typeof__(x) _abs = (x); _abs < 0 ? -_abs : _abs; })

#define abs_diff(a, b) ({ __typeof__(a) _diff1 = (a); __typeof__(b) _diff2 = (b); _diff1 > _diff2 ? _diff1 - _diff2 : _diff2 - _diff1; })

#define DIV_ROUND_UP(n, d) (((n) + (d) - 1) / (d))

#define DIV_ROUND_UP_ULL(n, d) (((unsigned long long)(n) + (d) - 1) / (d))

#define DIV_ROUND_DOWN_ULL(n, d) ((unsigned long long)(n) / (d))

#define DIV_ROUND_CLOSEST(n, d) (((n) + (d) / 2) / (d))

#define roundup(x, y) ((((x) + ((y) - 1)) / (y)) * (y))

#define rounddown(x, y) ((x) - (x) % (y))

#define round_up(x, y) ((((x) - 1) | ((__typeof__(x))(y) - 1)) + 1)

#define round_down(x, y) ((x) & ~((__typeof__(x))(y) - 1))

#define ALIGN(x, a) (((x) + ((__typeof__(x))(a) - 1)) & ~((__typeof__(x))(a) - 1))

#define __ALIGN_KERNEL(x, a) ALIGN(x, a)

#define ALIGN_DOWN(x, a) ((x) & ~((__typeof__(x))(a) - 1))

#define PTR_ALIGN(ptr, a) ((__typeof__(ptr))ALIGN((unsigned long)(ptr), a))

#define PTR_ALIGN_DOWN(ptr, a) ((__typeof__(ptr))ALIGN_DOWN((unsigned long)(ptr), a))

#define IS_ALIGNED(x, a) (((x) & ((__typeof__(x))(a) - 1)) == 0)

static __always_inline __u32 upper_32_bits(__u64 _n)
{
	return _n >> 32;
}

static __always_inline __u32 lower_32_bits(__u64 _n)
{
	return (__u32)_n;
}

#define upper_16_bits(n) ((__u16)((n) >> 16))

#define lower_16_bits(n) ((__u16)((n) & 0xffff))

static __always_inline __u64 div_u64(__u64 _n, __u32 _by)
{
	return _n / _by;
}

static __always_inline __u64 div64_u64(__u64 _n, __u64 _by)
{
	return _n / _by;
}

static __always_inline __u64 div64_ul(__u64 _n, unsigned long _by)
{
	return _n / _by;
}

static __always_inline __u64 div_u64_rem(__u64 _n, __u32 _by, __u32 *_rest)
{
	*_rest = _n % _by;
	return _n / _by;
}

static __always_inline __u64 mul_u32_u32(__u32 _a, __u32 _b)
{
	return (__u64)_a * _b;
}

#define do_div(n, by) ({ __u32 _by = (by); __u32 _rest = (__u64)(n) % _by; (n) = (__u64)(n) / _by; _rest; })

// LLVM's BPF back end has no instruction to count leading or trailing zeros, and breaks on some uses of the builtins: they are for
// constants only.

static __always_inline int bcc4j_log2(__u64 _n)
{
	int _log = 0;
	if (_n >> 32) {
		_log += 32;
		_n >>= 32;
	}
	if (_n >> 16) {
		_log += 16;
		_n >>= 16;
	}
	if (_n >> 8) {
		_log += 8;
		_n >>= 8;
	}
	if (_n >> 4) {
		_log += 4;
		_n >>= 4;
	}
	if (_n >> 2) {
		_log += 2;
		_n >>= 2;
	}
	return _log + (int)(_n >> 1);
}

#define bcc4j_constant_log2(n) ((n) < 2 ? 0 : 63 - __builtin_clzll(n))

#define ilog2(n) (__builtin_constant_p(n) ? bcc4j_constant_log2((unsigned long long)(n)) : bcc4j_log2(n))

#define const_ilog2(n) bcc4j_constant_log2((unsigned long long)(n))

#define is_power_of_2(n) ((n) != 0 && ((n) & ((n) - 1)) == 0)

#define rounddown_pow_of_two(n) (1UL << ilog2(n))

#define roundup_pow_of_two(n) ((n) <= 1 ? 1UL : 2UL << ilog2((n) - 1))

#define __roundup_pow_of_two(n) roundup_pow_of_two(n)

#define order_base_2(n) ((n) <= 1 ? 0 : ilog2((n) - 1) + 1)

#define fls(x) ((__u32)(x) ? bcc4j_log2((__u32)(x)) + 1 : 0)

#define fls64(x) ((__u64)(x) ? bcc4j_log2(x) + 1 : 0)

#define fls_long(x) fls64(x)

#define __fls(x) ((unsigned long)bcc4j_log2(x))

static __always_inline __u64 bcc4j_lowest_bit(__u64 _n)
{
	return _n & -_n;
}

#define ffs(x) ((__u32)(x) ? bcc4j_log2(bcc4j_lowest_bit((__u32)(x))) + 1 : 0)

#define __ffs(x) ((unsigned long)bcc4j_log2(bcc4j_lowest_bit(x)))

#define __ffs64(x) __ffs(x)

#define ffz(x) __ffs(~(unsigned long)(x))

#define hweight8(x) ((unsigned int)__builtin_popcountll((__u64)((x) & 0xff)))

#define hweight16(x) ((unsigned int)__builtin_popcountll((__u64)((x) & 0xffff)))

#define hweight32(x) ((unsigned int)__builtin_popcountll((__u64)((x) & 0xffffffff)))

#define hweight64(x) ((unsigned int)__builtin_popcountll((__u64)(x)))

#define hweight_long(x) ((unsigned int)__builtin_popcountll((__u64)(x)))

#define rol32(x, n) (((__u32)(x) << ((n) & 31)) | ((__u32)(x) >> (-(n) & 31)))

#define ror32(x, n) (((__u32)(x) >> ((n) & 31)) | ((__u32)(x) << (-(n) & 31)))

#define rol64(x, n) (((__u64)(x) << ((n) & 63)) | ((__u64)(x) >> (-(n) & 63)))

#define ror64(x, n) (((__u64)(x) >> ((n) & 63)) | ((__u64)(x) << (-(n) & 63)))

static __always_inline __u32 hash_32(__u32 _value, unsigned int _bits)
{
	return (_value * GOLDEN_RATIO_32) >> (32 - _bits);
}

static __always_inline __u32 hash_64(__u64 _value, unsigned int _bits)
{
	return (__u32)((_value * GOLDEN_RATIO_64) >> (64 - _bits));
}

#define hash_long(value, bits) hash_64(value, bits)

#define hash_ptr(ptr, bits) hash_64((unsigned long)(ptr), bits)

#define GOLDEN_RATIO_32 0x61c88647
#define GOLDEN_RATIO_64 0x61c8864680b583ebULL
#define JHASH_INITVAL 0xdeadbeefU

// Limits of the types.

#define INT_MAX 0x7fffffff
#define INT_MIN (-2147483647 - 1)
#define UINT_MAX 0xffffffffU
#define LONG_MAX 0x7fffffffffffffffL
#define LONG_MIN (-9223372036854775807L - 1)
#define ULONG_MAX 0xffffffffffffffffUL
#define LLONG_MAX 0x7fffffffffffffffLL
#define LLONG_MIN (-9223372036854775807LL - 1)
#define ULLONG_MAX 0xffffffffffffffffULL
#define SHRT_MAX 32767
#define SHRT_MIN (-32768)
#define USHRT_MAX 0xffff
#define U8_MAX 0xff
#define S8_MAX 127
#define S8_MIN (-128)
#define U16_MAX 0xffff
#define S16_MAX 32767
#define S16_MIN (-32768)
#define U32_MAX 0xffffffffU
#define S32_MAX 2147483647
#define S32_MIN (-2147483647 - 1)
#define U64_MAX 0xffffffffffffffffULL
#define S64_MAX 9223372036854775807LL
#define S64_MIN (-9223372036854775807LL - 1)
#define SIZE_MAX 0xffffffffffffffffUL
#define SSIZE_MAX 9223372036854775807L
#define UINTPTR_MAX 18446744073709551615UL
#define PHYS_ADDR_MAX 0xffffffffffffffffULL

#define UINT8_MAX 255
#define INT8_MAX 127
#define INT8_MIN (-128)
#define UINT16_MAX 65535
#define INT16_MAX 32767
#define INT16_MIN (-32768)
#define UINT32_MAX 4294967295U
#define INT32_MAX 2147483647
#define INT32_MIN (-2147483647 - 1)
#define UINT64_MAX 18446744073709551615UL
#define INT64_MAX 9223372036854775807L
#define INT64_MIN (-9223372036854775807L - 1)
#define CHAR_BIT 8

#define _AC(x, suffix) x##suffix

#define _UL(x) x##UL

#define _ULL(x) x##ULL

#define UL(x) x##UL

#define ULL(x) x##ULL

#define SZ_1 1
#define SZ_2 2
#define SZ_4 4
#define SZ_8 8
#define SZ_16 0x10
#define SZ_32 0x20
#define SZ_64 0x40
#define SZ_128 0x80
#define SZ_256 0x100
#define SZ_512 0x200
#define SZ_1K 0x400
#define SZ_2K 0x800
#define SZ_4K 0x1000
#define SZ_8K 0x2000
#define SZ_16K 0x4000
#define SZ_24K 0x6000
#define SZ_32K 0x8000
#define SZ_64K 0x10000
#define SZ_128K 0x20000
#define SZ_192K 0x30000
#define SZ_256K 0x40000
#define SZ_384K 0x60000
#define SZ_512K 0x80000
#define SZ_1M 0x100000
#define SZ_2M 0x200000
#define SZ_3M 0x300000
#define SZ_4M 0x400000
#define SZ_6M 0x600000
#define SZ_8M 0x800000
#define SZ_12M 0xc00000
#define SZ_16M 0x1000000
#define SZ_18M 0x1200000
#define SZ_24M 0x1800000
#define SZ_32M 0x2000000
#define SZ_64M 0x4000000
#define SZ_128M 0x8000000
#define SZ_256M 0x10000000
#define SZ_512M 0x20000000
#define SZ_1G 0x40000000
#define SZ_2G 0x80000000U
#define SZ_4G 0x100000000ULL
#define SZ_8G 0x200000000ULL
#define SZ_16G 0x400000000ULL
#define SZ_32G 0x800000000ULL
#define SZ_64G 0x1000000000ULL
#define SZ_128G 0x2000000000ULL
#define SZ_256G 0x4000000000ULL
#define SZ_512G 0x8000000000ULL
#define SZ_1T 0x10000000000ULL
#define SZ_2T 0x20000000000ULL
#define SZ_4T 0x40000000000ULL
#define SZ_8T 0x80000000000ULL
#define SZ_16T 0x100000000000ULL
#define SZ_32T 0x200000000000ULL
#define SZ_64T 0x400000000000ULL
#define SZ_128T 0x800000000000ULL

// Bits.

#define BITS_PER_BYTE 8
#define BITS_PER_LONG 64
#define BITS_PER_LONG_LONG 64

#define BITS_PER_TYPE(type) (sizeof(type) * 8)

#define BITS_TO_LONGS(n) (((n) + 63) / 64)

#define BITS_TO_U64(n) (((n) + 63) / 64)

#define BITS_TO_U32(n) (((n) + 31) / 32)

#define BITS_TO_BYTES(n) (((n) + 7) / 8)

#define BIT(n) (1UL << (n))

#define BIT_ULL(n) (1ULL << (n))

#define _BITUL(n) (1UL << (n))

#define _BITULL(n) (1ULL << (n))

#define BIT_MASK(n) (1UL << ((n) % 64))

#define BIT_WORD(n) ((n) / 64)

#define BIT_ULL_MASK(n) (1ULL << ((n) % 64))

#define BIT_ULL_WORD(n) ((n) / 64)

#define GENMASK(high, low) ((~0UL << (low)) & (~0UL >> (63 - (high))))

#define GENMASK_ULL(high, low) ((~0ULL << (low)) & (~0ULL >> (63 - (high))))

#define FIELD_GET(mask, value) ((__typeof__(mask))(((value) & (mask)) / ((mask) & -(mask))))

#define FIELD_PREP(mask, value) (((__typeof__(mask))(value) * ((mask) & -(mask))) & (mask))

#define DECLARE_BITMAP(name, bits) unsigned long name[BITS_TO_LONGS(bits)]

static __always_inline int test_bit(long _bit, const void *_bits)
{
	unsigned long _word = 0;
	bcc4j_kernel_read(&_word, sizeof(_word), (const char *)_bits + _bit / 64 * 8);
	return (_word >> (_bit % 64)) & 1;
}

#define sign_extend32(value, bit) ((__s32)((__u32)(value) << (31 - (bit))) >> (31 - (bit)))

#define sign_extend64(value, bit) ((__s64)((__u64)(value) << (63 - (bit))) >> (63 - (bit)))

// Byte order: both architectures are little-endian. What turns a constant into network order is a macro, so that it may stand
// in a case label; what reads a field is a function, so that libbcc rewrites its argument.

#define __LITTLE_ENDIAN 1234
#define __LITTLE_ENDIAN_BITFIELD 1
#define __BYTE_ORDER 1234

#define __swab16(x) ((__u16)__builtin_bswap16((__u16)(x)))

#define __swab32(x) ((__u32)__builtin_bswap32((__u32)(x)))

#define __swab64(x) ((__u64)__builtin_bswap64((__u64)(x)))

#define swab16(x) __swab16(x)

#define swab32(x) __swab32(x)

#define swab64(x) __swab64(x)

#define ___constant_swab16(x) __swab16(x)

#define ___constant_swab32(x) __swab32(x)

#define ___constant_swab64(x) __swab64(x)

#define htons(x) ((__be16)__swab16(x))

#define htonl(x) ((__be32)__swab32(x))

#define ___htons(x) htons(x)

#define ___htonl(x) htonl(x)

#define __constant_htons(x) htons(x)

#define __constant_htonl(x) htonl(x)

#define __constant_ntohs(x) __swab16(x)

#define __constant_ntohl(x) __swab32(x)

#define cpu_to_be16(x) ((__be16)__swab16(x))

#define cpu_to_be32(x) ((__be32)__swab32(x))

#define cpu_to_be64(x) ((__be64)__swab64(x))

#define __cpu_to_be16(x) cpu_to_be16(x)

#define __cpu_to_be32(x) cpu_to_be32(x)

#define __cpu_to_be64(x) cpu_to_be64(x)

#define __constant_cpu_to_be16(x) cpu_to_be16(x)

#define __constant_cpu_to_be32(x) cpu_to_be32(x)

#define __constant_cpu_to_be64(x) cpu_to_be64(x)

#define __constant_be16_to_cpu(x) __swab16(x)

#define __constant_be32_to_cpu(x) __swab32(x)

#define __constant_be64_to_cpu(x) __swab64(x)

#define cpu_to_le16(x) ((__le16)(__u16)(x))

#define cpu_to_le32(x) ((__le32)(__u32)(x))

#define cpu_to_le64(x) ((__le64)(__u64)(x))

#define __cpu_to_le16(x) cpu_to_le16(x)

#define __cpu_to_le32(x) cpu_to_le32(x)

#define __cpu_to_le64(x) cpu_to_le64(x)

#define __constant_cpu_to_le16(x) cpu_to_le16(x)

#define __constant_cpu_to_le32(x) cpu_to_le32(x)

#define __constant_cpu_to_le64(x) cpu_to_le64(x)

static __always_inline __u16 ntohs(__be16 _net)
{
	return __builtin_bswap16(_net);
}

static __always_inline __u32 ntohl(__be32 _net)
{
	return __builtin_bswap32(_net);
}

static __always_inline __u16 be16_to_cpu(__be16 _net)
{
	return __builtin_bswap16(_net);
}

static __always_inline __u32 be32_to_cpu(__be32 _net)
{
	return __builtin_bswap32(_net);
}

static __always_inline __u64 be64_to_cpu(__be64 _net)
{
	return __builtin_bswap64(_net);
}

#define __be16_to_cpu(x) be16_to_cpu(x)

#define __be32_to_cpu(x) be32_to_cpu(x)

#define __be64_to_cpu(x) be64_to_cpu(x)

static __always_inline __u16 le16_to_cpu(__le16 _little)
{
	return _little;
}

static __always_inline __u32 le32_to_cpu(__le32 _little)
{
	return _little;
}

static __always_inline __u64 le64_to_cpu(__le64 _little)
{
	return _little;
}

#define __le16_to_cpu(x) le16_to_cpu(x)

#define __le32_to_cpu(x) le32_to_cpu(x)

#define __le64_to_cpu(x) le64_to_cpu(x)

static __always_inline __u16 be16_to_cpup(const __be16 *_at)
{
	__be16 _net = 0;
	bcc4j_kernel_read(&_net, sizeof(_net), _at);
	return __builtin_bswap16(_net);
}

static __always_inline __u32 be32_to_cpup(const __be32 *_at)
{
	__be32 _net = 0;
	bcc4j_kernel_read(&_net, sizeof(_net), _at);
	return __builtin_bswap32(_net);
}

static __always_inline __u64 be64_to_cpup(const __be64 *_at)
{
	__be64 _net = 0;
	bcc4j_kernel_read(&_net, sizeof(_net), _at);
	return __builtin_bswap64(_net);
}

// Time.

#define MSEC_PER_SEC 1000L
#define USEC_PER_MSEC 1000L
#define NSEC_PER_USEC 1000L
#define NSEC_PER_MSEC 1000000L
#define USEC_PER_SEC 1000000L
#define NSEC_PER_SEC 1000000000L
#define PSEC_PER_SEC 1000000000000LL
#define FSEC_PER_SEC 1000000000000000LL
#define TIME64_MAX 0x7fffffffffffffffLL
#define TIME64_MIN (-9223372036854775807LL - 1)
#define KTIME_MAX 0x7fffffffffffffffLL
#define KTIME_MIN (-9223372036854775807LL - 1)
#define KTIME_SEC_MAX 9223372036LL
#define KTIME_SEC_MIN (-9223372036LL)
#define TIME_UPTIME_SEC_MAX 946080000LL
#define TIME_SETTOD_SEC_MAX 8277292036LL

//? config CONFIG_HZ
#define HZ CONFIG_HZ

#define USER_HZ 100
#define CLOCKS_PER_SEC 100

#define TICK_NSEC ((NSEC_PER_SEC + HZ / 2) / HZ)

#define MAX_JIFFY_OFFSET 4611686018427387902L

static __always_inline int time_after(unsigned long _a, unsigned long _b)
{
	return (long)(_b - _a) < 0;
}

static __always_inline int time_before(unsigned long _a, unsigned long _b)
{
	return (long)(_a - _b) < 0;
}

static __always_inline int time_after_eq(unsigned long _a, unsigned long _b)
{
	return (long)(_a - _b) >= 0;
}

static __always_inline int time_before_eq(unsigned long _a, unsigned long _b)
{
	return (long)(_b - _a) >= 0;
}

static __always_inline int time_after64(__u64 _a, __u64 _b)
{
	return (__s64)(_b - _a) < 0;
}

static __always_inline int time_before64(__u64 _a, __u64 _b)
{
	return (__s64)(_a - _b) < 0;
}

static __always_inline unsigned int jiffies_to_msecs(unsigned long _ticks)
{
	return _ticks * MSEC_PER_SEC / HZ;
}

static __always_inline unsigned int jiffies_to_usecs(unsigned long _ticks)
{
	return _ticks * USEC_PER_SEC / HZ;
}

static __always_inline __u64 jiffies_to_nsecs(unsigned long _ticks)
{
	return (__u64)_ticks * (NSEC_PER_SEC / HZ);
}

static __always_inline unsigned long msecs_to_jiffies(unsigned int _millis)
{
	return ((unsigned long)_millis * HZ + MSEC_PER_SEC - 1) / MSEC_PER_SEC;
}

static __always_inline unsigned long usecs_to_jiffies(unsigned int _micros)
{
	return ((unsigned long)_micros * HZ + USEC_PER_SEC - 1) / USEC_PER_SEC;
}

static __always_inline __s64 ktime_to_ns(ktime_t _time)
{
	return _time;
}

static __always_inline __s64 ktime_to_us(ktime_t _time)
{
	return (__u64)_time / NSEC_PER_USEC;
}

static __always_inline __s64 ktime_to_ms(ktime_t _time)
{
	return (__u64)_time / NSEC_PER_MSEC;
}

#define ktime_sub(a, b) ((ktime_t)((a) - (b)))

#define ktime_add(a, b) ((ktime_t)((a) + (b)))

#define ktime_add_ns(time, ns) ((ktime_t)((time) + (ns)))

#define ktime_set(seconds, ns) ((ktime_t)((seconds) * NSEC_PER_SEC + (ns)))

#define ns_to_ktime(ns) ((ktime_t)(ns))

#define ms_to_ktime(ms) ((ktime_t)((ms) * NSEC_PER_MSEC))

#define ITIMER_REAL 0
#define ITIMER_VIRTUAL 1
#define ITIMER_PROF 2
#define CLOCK_REALTIME 0
#define CLOCK_MONOTONIC 1
#define CLOCK_PROCESS_CPUTIME_ID 2
#define CLOCK_THREAD_CPUTIME_ID 3
#define CLOCK_MONOTONIC_RAW 4
#define CLOCK_REALTIME_COARSE 5
#define CLOCK_MONOTONIC_COARSE 6
#define CLOCK_BOOTTIME 7
#define CLOCK_REALTIME_ALARM 8
#define CLOCK_BOOTTIME_ALARM 9
#define CLOCK_SGI_CYCLE 10
#define CLOCK_TAI 11
#define CLOCK_AUX 16
#define CLOCK_AUX_LAST 23
#define TIMER_ABSTIME 1

// Pointers that carry an error number.

#define MAX_ERRNO 4095

#define IS_ERR_VALUE(x) ((unsigned long)(void *)(x) >= (unsigned long)-MAX_ERRNO)

#define ERR_PTR(error) ((void *)(long)(error))

#define ERR_CAST(ptr) ((void *)(ptr))

static __always_inline long PTR_ERR(const void *_ptr)
{
	return (long)_ptr;
}

static __always_inline int IS_ERR(const void *_ptr)
{
	return IS_ERR_VALUE(_ptr);
}

static __always_inline int IS_ERR_OR_NULL(const void *_ptr)
{
	return !_ptr || IS_ERR_VALUE(_ptr);
}

static __always_inline int PTR_ERR_OR_ZERO(const void *_ptr)
{
	return IS_ERR_VALUE(_ptr) ? (int)(long)_ptr : 0;
}

// Lists, hash lists, trees. A loop needs a bound of its own for the verifier.

#define LIST_HEAD_INIT(name) { &(name), &(name) }

#define list_entry(ptr, type, member) container_of(ptr, type, member)

#define list_entry_rcu(ptr, type, member) container_of(ptr, type, member)

static __always_inline struct list_head *bcc4j_list_next(const struct list_head *_list)
{
	struct list_head *_next = (struct list_head *)_list;
	bcc4j_kernel_read(&_next, sizeof(_next), &_list->next);
	return _next;
}

static __always_inline struct list_head *bcc4j_list_prev(const struct list_head *_list)
{
	struct list_head *_prev = (struct list_head *)_list;
	bcc4j_kernel_read(&_prev, sizeof(_prev), &_list->prev);
	return _prev;
}

static __always_inline int list_empty(const struct list_head *_list)
{
	return bcc4j_list_next(_list) == _list;
}

static __always_inline int list_is_singular(const struct list_head *_list)
{
	return bcc4j_list_next(_list) != _list && bcc4j_list_next(_list) == bcc4j_list_prev(_list);
}

#define list_is_head(list, head) ((list) == (head))

#define list_first_entry(head, type, member) container_of(bcc4j_list_next(head), type, member)

#define list_last_entry(head, type, member) container_of(bcc4j_list_prev(head), type, member)

#define list_first_entry_or_null(head, type, member) \
	(list_empty(head) ? (type *)0 : list_first_entry(head, type, member))

#define list_next_entry(pos, member) container_of(bcc4j_list_next(&(pos)->member), __typeof__(*(pos)), member)

#define list_prev_entry(pos, member) container_of(bcc4j_list_prev(&(pos)->member), __typeof__(*(pos)), member)

#define list_for_each(pos, head) for (pos = bcc4j_list_next(head); pos != (head); pos = bcc4j_list_next(pos))

#define list_for_each_entry(pos, head, member) \
	for (pos = list_first_entry(head, __typeof__(*pos), member); &pos->member != (head); pos = list_next_entry(pos, member))

#define list_for_each_entry_rcu(pos, head, member, ...) list_for_each_entry(pos, head, member)

#define hlist_entry(ptr, type, member) container_of(ptr, type, member)

static __always_inline struct hlist_node *bcc4j_hlist_first(const struct hlist_head *_head)
{
	struct hlist_node *_first = (struct hlist_node *)_head;
	bcc4j_kernel_read(&_first, sizeof(_first), &_head->first);
	return _first;
}

static __always_inline struct hlist_node *bcc4j_hlist_next(const struct hlist_node *_node)
{
	struct hlist_node *_next = (struct hlist_node *)_node;
	bcc4j_kernel_read(&_next, sizeof(_next), &_node->next);
	return _next;
}

static __always_inline int hlist_empty(const struct hlist_head *_head)
{
	return !bcc4j_hlist_first(_head);
}

static __always_inline int hlist_unhashed(const struct hlist_node *_node)
{
	struct hlist_node **_back = 0;
	bcc4j_kernel_read(&_back, sizeof(_back), &_node->pprev);
	return !_back;
}

#define hlist_entry_safe(ptr, type, member) ({ __typeof__(ptr) _hlist = (ptr); _hlist ? container_of(_hlist, type, member) : (type *)0; })

#define hlist_for_each(pos, head) for (pos = bcc4j_hlist_first(head); pos; pos = bcc4j_hlist_next(pos))

#define hlist_for_each_entry(pos, head, member) \
	for (pos = hlist_entry_safe(bcc4j_hlist_first(head), __typeof__(*pos), member); pos; \
	     pos = hlist_entry_safe(bcc4j_hlist_next(&pos->member), __typeof__(*pos), member))

#define llist_entry(ptr, type, member) container_of(ptr, type, member)

#define rb_entry(ptr, type, member) container_of(ptr, type, member)

#define rb_entry_safe(ptr, type, member) ({ __typeof__(ptr) _rb = (ptr); _rb ? container_of(_rb, type, member) : (type *)0; })

static __always_inline struct rb_node *rb_parent(const struct rb_node *_node)
{
	struct rb_node *_parent = (struct rb_node *)_node;
	bcc4j_kernel_read(&_parent, sizeof(_parent), &_node->__rb_parent_color);
	return (struct rb_node *)((unsigned long)_parent & ~3UL);
}

//? type rb_root_cached
static __always_inline struct rb_node *rb_first_cached(const struct rb_root_cached *_root)
{
	struct rb_node *_first = (struct rb_node *)_root;
	bcc4j_kernel_read(&_first, sizeof(_first), &_root->rb_leftmost);
	return _first;
}

static __always_inline int bcc4j_is_null(const void *_at)
{
	void *_value = 0;
	bcc4j_kernel_read(&_value, sizeof(_value), _at);
	return !_value;
}

#define RB_EMPTY_ROOT(root) bcc4j_is_null(&(root)->rb_node)

#define RB_ROOT (struct rb_root) { 0 }

#define RB_RED 0
#define RB_BLACK 1
#define MAPLE_RANGE64_SLOTS 16
#define MAPLE_ARANGE64_SLOTS 10
#define MAPLE_NODE_SLOTS 31

static __always_inline int hlist_nulls_is_a_nulls(const void *_ptr)
{
	return (unsigned long)_ptr & 1;
}
