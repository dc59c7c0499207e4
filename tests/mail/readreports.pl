# Reads delivery status notifications with Email::MIME: a line of actions for each file, or dies with the reason.
use strict;
use warnings;
use Email::MIME;
use Email::Simple;

for my $path (@ARGV) {
    open(my $file, '<:raw', $path) or die "$path: $!\n";
    local $/;
    my $message = Email::MIME->new(<$file>);
    die "type\n" unless $message->content_type =~ m{^multipart/report;.*report-type=delivery-status}s;
    my @parts = $message->subparts;
    die scalar(@parts) . " parts\n" unless @parts == 3 || @parts == 4;
    die "text\n" unless $parts[0]->content_type =~ m{^text/plain} && $parts[0]->body =~ /\S/;
    die "status\n" unless $parts[1]->content_type =~ m{^message/(global-)?delivery-status};
    my $status = $parts[1]->body_raw;
    $status =~ s/\r\n/\n/g;
    my ($server, @recipients) = grep { /\S/ } split(/\n\n+/, $status);
    die "Reporting-MTA\n" unless Email::Simple->new("$server\n\n")->header('Reporting-MTA') =~ /^dns;/;
    my @actions;
    for my $group (@recipients) {
        my $fields = Email::Simple->new("$group\n\n");
        die "fields\n" unless $fields->header('Final-Recipient') && $fields->header('Status');
        push @actions, $fields->header('Action');
    }
    die "no recipient\n" unless @actions;
    print join(' ', @actions), "\n";
}
