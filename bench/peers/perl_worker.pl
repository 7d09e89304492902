#!/usr/bin/perl
# A contender with File::NFSLock: perl_worker.pl PATH, and the lines of its standard input as worker.cpp has them.
use strict;
use warnings;
use Fcntl qw(LOCK_EX);
use File::NFSLock;
use Time::HiRes qw(clock_gettime clock_nanosleep CLOCK_MONOTONIC);

my ($path) = @ARGV;
my $lock;

sub now { return int(clock_gettime(CLOCK_MONOTONIC) * 1e9); }
sub rest { my ($length) = @_; clock_nanosleep(CLOCK_MONOTONIC, $length) if $length > 0; return; }
sub say_line { my $line = join(' ', @_) . "\n"; syswrite(STDOUT, $line); return; }

sub take {
    $lock = File::NFSLock->new($path, LOCK_EX) or die "File::NFSLock failed: $File::NFSLock::errstr\n";
    return;
}
sub give_back { $lock->unlock or die "unlock failed\n"; undef $lock; return; }

sub sleep_until {
    my ($moment) = @_;
    while ((my $left = $moment - now()) > 0) { rest($left); }
    return;
}

sub hold {
    my ($asked, $length) = @_;
    take();
    my $acquired = now();
    rest($length);
    my $releasing = now();
    give_back();
    say_line('hold', $asked, $acquired, $releasing);
    return;
}

my %verbs = (
    cycle => sub {
        my ($count) = @_;
        my $begin = now();
        for (1 .. $count) { take(); give_back(); }
        say_line('cycle', $count, now() - $begin);
    },
    drain => sub {
        my ($start, $length) = @_;
        sleep_until($start);
        hold(now(), $length);
    },
    loop => sub {
        my ($start, $end, $length, $gap) = @_;
        sleep_until($start);
        while ((my $now = now()) < $end) {
            say_line('ask', $now);
            hold($now, $length);
            rest(rand($gap));
        }
        say_line('end');
    },
);

say_line('ready');
while (my $command = <STDIN>) {
    my ($verb, @numbers) = split(' ', $command);
    $verbs{$verb}->(@numbers);
}
