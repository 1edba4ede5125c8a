from datetime import *

d = date(2024, 2, 29)
print(d, d + timedelta(days=1), d.weekday(), d.isoformat(), d.isocalendar(), d.strftime("%d %b %Y %A"), repr(d), date.fromisoformat("2023-01-05") - d, d.replace(year=2020), d > date(2024, 1, 1), d.toordinal())
t = datetime(2024, 1, 2, 3, 4, 5, 678, tzinfo=timezone.utc)
print(t, t.isoformat(), t.timestamp(), t + timedelta(hours=25), t.date(), t.time(), repr(t), datetime.fromtimestamp(0, timezone.utc), datetime.strptime("2024-05-06 07:08", "%Y-%m-%d %H:%M"), t.astimezone(timezone(timedelta(hours=5, minutes=30))), t.strftime("%j %p %f %z"), datetime.fromisoformat("2024-01-01T00:00:00+02:00"), f"{t:%H:%M}")
print(timedelta(days=1, seconds=5), timedelta(hours=-1), repr(timedelta(1, 2, 3)), timedelta(minutes=90) / timedelta(hours=1), timedelta(1) * 2.5, timedelta(seconds=3.7).total_seconds(), abs(timedelta(-1)), timedelta(days=5) // 2, divmod(timedelta(7), timedelta(2)))
print(time(1, 2, 3), time(23, 59).isoformat(), time.fromisoformat("04:05:06"), datetime.min, date.max, timezone.utc, timezone(timedelta(hours=-3)))
for f in (lambda: date(2023, 2, 29), lambda: datetime(2024, 13, 1), lambda: date.fromisoformat("x"), lambda: t - datetime(2024, 1, 1), lambda: date(1, 1, 1) - timedelta(1), lambda: datetime.strptime("x", "%Y"), lambda: d < 5, lambda: timezone(timedelta(days=2))):
    try:
        print(f())
    except (ValueError, TypeError, OverflowError) as e:
        print(type(e).__name__, "|", e)
